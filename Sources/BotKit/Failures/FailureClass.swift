/// Who must act on a failure. Only the pipeline and the job runner switch on it.
public enum FailureClass: Sendable {
    /// The member: shown as words, logged as information.
    case refusal
    /// Time: repeated with back-off.
    case outage
    /// The operator: stops the start with key and remedy.
    case misconfiguration
    /// Us: an apology with a reference, counted, not repeated.
    case defect
}

/// An error that says once who must act on it. Its description never holds message text, numbers or keys.
public protocol ClassifiedError: Error, CustomStringConvertible {
    var failureClass: FailureClass { get }
    /// Where it stands in the catalogue; by default the general code of its class.
    var errorCode: ErrorCode { get }
}

extension ClassifiedError {
    public var errorCode: ErrorCode { .general(failureClass) }
}

extension Error {
    /// The class of any error; what nobody classified is ours.
    public var classified: FailureClass { (self as? any ClassifiedError)?.failureClass ?? .defect }

    /// A line for the log: our own errors describe themselves, others give only their type, for they may quote input.
    public var safeDescription: String {
        (self as? any ClassifiedError)?.description ?? "\(type(of: self))"
    }
}
