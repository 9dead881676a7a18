public import WhatsAppKeys

/// Why a message, a bundle or a record was refused; no key, no text and no number is in it.
///
/// Whatever is thrown, the record that was passed in is still the valid one.
public struct SignalError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A kind of failure; more may come.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The kind's name.
        public let description: String
        private init(_ name: String) { description = name }

        /// The bytes do not have the form of such a message.
        public static let malformed = Code("malformed")
        /// The message is of another version of the protocol than 3.
        public static let version = Code("version")
        /// There is no session that this message could belong to, or none to encrypt with.
        public static let noSession = Code("noSession")
        /// A message with this counter was decrypted before, or its key is too old to be kept: acknowledge and drop it.
        public static let duplicate = Code("duplicate")
        /// More messages lie between the last one and this one than are made up for.
        public static let tooFarAhead = Code("tooFarAhead")
        /// The message was changed, or made for another session.
        public static let authentication = Code("authentication")
        /// A signature does not fit.
        public static let signature = Code("signature")
        /// A key is malformed or of small order.
        public static let key = Code("key")
        /// The peer's identity key is not the trusted one; `identity` has the new one.
        public static let identityChanged = Code("identityChanged")
        /// The message was made with a prekey that is not there any more.
        public static let unknownPrekey = Code("unknownPrekey")
        /// The sender has not given us the key of this group message: ask for a retry.
        public static let unknownSenderKey = Code("unknownSenderKey")
        /// All reserved counters are used: reserve, store the record, and encrypt then.
        public static let notReserved = Code("notReserved")
        /// A counter or the ids of prekeys are used up.
        public static let exhausted = Code("exhausted")
        /// A stored record is cut or changed.
        public static let record = Code("record")
        /// A stored record was written by a newer version of the program.
        public static let recordVersion = Code("recordVersion")
    }

    /// What kind of failure.
    public let code: Code
    /// What failed and what to do, without secrets.
    public let description: String
    /// The identity key that was met instead of the trusted one, with `.identityChanged` only.
    public let identity: PublicKey?
    /// What the keys said, with `.key`.
    public let underlying: KeyError?

    init(_ code: Code, _ description: String, identity: PublicKey? = nil, underlying: KeyError? = nil) {
        self.code = code
        self.description = description
        self.identity = identity
        self.underlying = underlying
    }

    static func malformed(_ what: String) -> SignalError { SignalError(.malformed, what) }

    /// Runs `body` and takes its key error for one of ours.
    static func keys<Value>(_ what: StaticString, _ body: () throws(KeyError) -> Value) throws(SignalError) -> Value {
        do {
            return try body()
        } catch {
            throw SignalError(.key, "\(what): \(error)", underlying: error)
        }
    }
}
