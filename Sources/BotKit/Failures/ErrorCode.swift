/// A way in which something can end badly, with what everybody is told of it. All of them stand in `all`, and nothing
/// ends with a code that does not.
public struct ErrorCode: Sendable, Hashable {
    /// Its name between people, such as `FILE_TOO_LARGE`.
    public let name: String
    /// Its word in logs, metrics, the audit and dead letters, such as `media_too_large`.
    public let label: String
    public let failureClass: FailureClass
    /// What the member reads where nobody has better words; `nil` when there are always better ones, or when no member
    /// waits for an answer.
    public let text: Text?
    /// Another wording of the same, for where the first does not fit.
    public let otherText: Text?
    /// What has happened, for who runs the bot.
    public let cause: String
    /// What who runs the bot can do.
    public let remedy: String

    init(
        _ label: String, name: String? = nil, _ failureClass: FailureClass, _ text: Text? = nil,
        or otherText: Text? = nil, cause: String, remedy: String
    ) {
        self.name = name ?? label.uppercased()
        self.label = label
        self.failureClass = failureClass
        self.text = text
        self.otherText = otherText
        self.cause = cause
        self.remedy = remedy
    }

    /// What a member reads, if nobody has better words.
    public var words: Text { text ?? otherText ?? Self.plain }

    private static let plain = Text("errors.refused", en: "I can't do that.", he: "את זה אני לא יכול לעשות.")

    /// The whole catalogue.
    public static let all = originals + limits + access + contents + commands + troubles + endings

    private static let byLabel = Dictionary(all.map { ($0.label, $0) }) { first, _ in first }

    /// The code with `label`; `nil` when the catalogue has none.
    public static func labelled(_ label: String) -> ErrorCode? { byLabel[label] }
}

extension ErrorCode {
    /// The code of what failed outside, by the part that an `Outage` names.
    static func outage(of part: String) -> ErrorCode {
        switch part {
        case "model": .modelUnavailable
        case "disk": .diskUnavailable
        case "media", "provider", "whatsapp", "link", "users": .networkUnavailable
        default: .unavailable
        }
    }

    /// The code of errors that say no more than who must act.
    static func general(_ failureClass: FailureClass) -> ErrorCode {
        switch failureClass {
        case .refusal: .refused
        case .outage: .unavailable
        case .misconfiguration: .misconfigured
        case .defect: .internalError
        }
    }
}

extension Error {
    /// The catalogue's code of any error; what nobody classified is ours.
    public var catalogued: ErrorCode { (self as? any ClassifiedError)?.errorCode ?? .internalError }
}
