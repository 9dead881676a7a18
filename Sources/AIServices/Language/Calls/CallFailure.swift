import BotKit

/// How one attempt at one endpoint failed, and what that allows us to do next.
struct CallFailure: Error {
    /// What to do when the attempt is over.
    enum Next: Sendable, Equatable {
        /// The same request may succeed later.
        case again
        /// The key is refused or its account is empty; another key may be taken.
        case otherKey
        /// This endpoint will not do it, another one may.
        case otherEndpoint
        /// Nobody shall be asked again: the request itself is at fault.
        case stop
    }

    /// A closed word for logs, such as `truncated` or `status_503`.
    let word: String
    var next: Next
    /// What the server asked us to wait.
    var retryAfter: Duration?
    /// Whether the key, not the server, has reached its limit.
    var isRateLimit = false
    /// Whether it took its time to fail, so that the same again may take as long again.
    var isSlow = false
    /// What the caller sees when nothing else helps.
    let error: any ClassifiedError
}

extension CallFailure {
    /// Something that time may mend.
    static func outage(_ word: String, _ what: String, next: Next = .again, retryAfter: Duration? = nil) -> CallFailure
    {
        CallFailure(
            word: word, next: next, retryAfter: retryAfter,
            error: Outage("model", what, retryAfter: retryAfter))
    }

    /// Something that only the operator can mend.
    static func fault(_ code: String, _ remedy: String, next: Next = .otherEndpoint) -> CallFailure {
        CallFailure(word: code, next: next, error: ModelFault(code: code, remedy: remedy))
    }

    /// The service declined to answer this.
    static var declined: CallFailure {
        CallFailure(word: "declined", next: .stop, error: Refusal(.declined, reason: "model_declined"))
    }
}

extension Text {
    fileprivate static let declined = Text(
        "model.declined", en: "I can't help with that request.", he: "לא אוכל לעזור בבקשה הזאת.")
}
