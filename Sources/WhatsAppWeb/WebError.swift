/// Why something that was asked of a client did not happen. It holds no message text, number or key.
public struct WebError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong; more may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        public let description: String
        init(_ description: String) { self.description = description }

        /// There is no connection now; it is worth trying again.
        public static let disconnected = Code("disconnected")
        /// No answer came in time. Whatever was asked may have happened.
        public static let timedOut = Code("timed_out")
        /// The server answered with an error; see `status`.
        public static let refused = Code("refused")
        /// The server sent something that cannot be.
        public static let malformed = Code("malformed")
        /// The account is not linked (any more).
        public static let notLinked = Code("not_linked")
        /// The server could not be proved to be WhatsApp's.
        public static let untrustedServer = Code("untrusted_server")
        /// A device begins a session, and its account does not vouch for it.
        public static let untrustedDevice = Code("untrusted_device")
        /// The proxy is not there, or does not let us through; `status` is its own number.
        public static let proxy = Code("proxy")
        /// The recipient is not on WhatsApp.
        public static let unknownUser = Code("unknown_user")
        /// The file is gone from the server.
        public static let mediaGone = Code("media_gone")
        /// The file is not what its message says.
        public static let mediaDamaged = Code("media_damaged")
        /// The file ended early.
        public static let mediaTruncated = Code("media_truncated")
        /// The server gave another file than the message names.
        public static let mediaSwapped = Code("media_swapped")
        /// A file on this machine cannot be read or written.
        public static let file = Code("file")
        /// An entry is sealed with a key of the app state that is not there yet; it is to be asked for.
        public static let appStateKeyMissing = Code("app_state_key_missing")
        /// A collection of the app state does not fit what we hold, and must be fetched anew from its beginning.
        public static let appStateMismatch = Code("app_state_mismatch")
        /// More than a limit allows.
        public static let tooLarge = Code("too_large")
        /// What was asked for makes no sense, for example a quote of nothing.
        public static let invalid = Code("invalid")
        /// The store failed.
        public static let store = Code("store")
    }

    public var code: Code
    /// The server's own number, when it gave one.
    public var status: Int?
    /// What happened and what to do, for an operator.
    public var message: String

    public init(_ code: Code, status: Int? = nil, _ message: String) {
        self.code = code
        self.status = status
        self.message = message
    }

    public var description: String { "\(code)\(status.map { " \($0)" } ?? ""): \(message)" }
}
