/// Why a call to the Graph API gave no result, and whether it may have had an effect all the same.
///
/// `description` holds operation, codes and Meta's trace id, never a token, a number or a text.
public struct GraphError: Error, Sendable, CustomStringConvertible {
    /// A kind of failure; more may come.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The kind's name.
        public let description: String
        private init(_ name: String) { description = name }

        /// The message breaks a limit, see `violation`; nothing was sent.
        public static let invalidMessage = Code("invalidMessage")
        /// A setting of the client is wrong.
        public static let invalidConfiguration = Code("invalidConfiguration")
        /// The token provider gave none.
        public static let tokenUnavailable = Code("tokenUnavailable")
        /// No connection came about.
        public static let connectionFailed = Code("connectionFailed")
        /// The connection broke before the whole answer was there.
        public static let connectionLost = Code("connectionLost")
        /// The deadline passed.
        public static let timedOut = Code("timedOut")
        /// Our own task was cancelled.
        public static let cancelled = Code("cancelled")
        /// The answer is an error: of Meta's, see `reported`, or of something between us, see `status`.
        public static let refused = Code("refused")
        /// The answer is none that we can read.
        public static let unreadableAnswer = Code("unreadableAnswer")
        /// The answer is longer than allowed.
        public static let answerTooLarge = Code("answerTooLarge")
        /// The answer points elsewhere, where our token must not go.
        public static let redirected = Code("redirected")
        /// A media link leads to a host that is not on the allow-list.
        public static let hostNotAllowed = Code("hostNotAllowed")
        /// A file is longer than allowed.
        public static let mediaTooLarge = Code("mediaTooLarge")
        /// A file is not what it was said to be: type, length or hash.
        public static let mediaMismatch = Code("mediaMismatch")
        /// A file ended before its end.
        public static let mediaTruncated = Code("mediaTruncated")
        /// A file is no longer there, also under a fresh link.
        public static let mediaGone = Code("mediaGone")
        /// A local file cannot be read or written.
        public static let fileUnavailable = Code("fileUnavailable")
    }

    /// An error in Meta's words.
    public struct Reported: Sendable, Equatable {
        /// Meta's code; -1, which is none of Meta's, when there is none.
        public let code: Int
        /// Meta's finer code.
        public let subcode: Int?
        /// Such as `OAuthException`.
        public let type: String?
        /// A sentence; may repeat what was sent, so it is not for logs.
        public let message: String?
        /// More of it; not for logs either.
        public let details: String?
        /// The id to give to Meta's support.
        public let traceID: String?
        /// Whether Meta says that a repeat may work.
        public let isTransient: Bool
    }

    /// The kind of failure.
    public let code: Code
    /// What failed and what to do.
    public let message: String
    /// The HTTP status, if an answer came.
    public var status: Int?
    /// The error in Meta's words.
    public var reported: Reported?
    /// How long the other side wants us to wait.
    public var retryAfter: RetryAfter?
    /// The limit that the message breaks.
    public var violation: LimitViolation?
    /// Whether the request may have had its effect: then a repeat may do it twice. False means: surely not.
    ///
    /// True when the body went out and no readable answer came back (time-out, cut, HTML with 200, 500 or 504 of a
    /// proxy); false when the body did not go out, when Meta refused it, and when a gateway says 502 or 503, which had
    /// nobody to hand it to.
    public var mayHaveBeenAccepted = false
    /// What the error comes from.
    public var underlying: (any Error)?

    init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    init(_ violation: LimitViolation) {
        self.init(.invalidMessage, violation.description)
        self.violation = violation
    }

    /// What to do about it.
    public var remedy: ErrorRemedy {
        if let reported {
            guard reported.code >= 0 || reported.isTransient else {
                return status.map { ErrorTable.remedy(status: $0) } ?? .unknown
            }
            return ErrorTable.remedy(
                code: reported.code, subcode: reported.subcode, isTransient: reported.isTransient, status: status)
        }
        switch code {
        case .connectionFailed, .connectionLost, .timedOut, .cancelled, .mediaTruncated: return .retryWithBackoff
        case .tokenUnavailable: return .token
        case .invalidMessage, .hostNotAllowed: return .badRequest
        case .invalidConfiguration, .redirected, .fileUnavailable: return .operatorNeeded
        case .mediaTooLarge, .mediaMismatch, .mediaGone: return .media(.cannotDownload)
        case .refused, .unreadableAnswer, .answerTooLarge:
            let remedy = status.map { ErrorTable.remedy(status: $0) } ?? .unknown
            return remedy == .unknown ? .retryWithBackoff : remedy
        default: return .unknown
        }
    }

    /// The kind and the message.
    public var description: String { "\(code): \(message)" }
}

/// A limit of the API that a message or setting breaks, found before anything is sent.
public struct LimitViolation: Error, Sendable, Equatable, CustomStringConvertible {
    /// The part of the message, as Meta writes it, such as `interactive.action.buttons[0].reply.title`.
    public let field: String
    /// What is allowed, such as `1...20 characters`.
    public let limit: String
    /// What was given, such as `24 characters`; never the text itself.
    public let actual: String

    /// One sentence of all three.
    public var description: String { "\(field) must be \(limit), is \(actual)" }

    init(_ field: String, _ limit: String, actual: String) {
        self.field = field
        self.limit = limit
        self.actual = actual
    }
}
