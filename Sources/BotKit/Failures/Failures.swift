/// The member asked for something that is not to be had; its text says what to do instead.
public struct Refusal: ClassifiedError {
    /// What the member reads.
    public let text: Text
    /// A closed set of words for logs and metrics, such as `rate_limit`.
    public let reason: String
    /// What the audit is told: of an attempt at what is not the member's to do, and of no slip.
    public private(set) var audit: [AuditEntry] = []
    public var failureClass: FailureClass { .refusal }
    public var errorCode: ErrorCode { .labelled(reason) ?? .refused }
    public var description: String { "refused: \(reason)" }

    /// - Parameter reason: the label of an `ErrorCode`; a test looks whether each stands in the catalogue.
    public init(_ text: Text, reason: String) {
        self.text = text
        self.reason = reason
    }

    /// A refusal of what is not the member's to do, for the audit.
    /// - Parameters:
    ///   - subject: to whom it would have been done, if to somebody.
    ///   - details: what else is worth knowing, by short words.
    public static func denial(
        _ text: Text, reason: String, of subject: AuditEntry.Party? = nil, details: [String: String] = [:]
    ) -> Refusal {
        var refusal = Refusal(text, reason: reason)
        let words = details.merging(["reason": reason]) { $1 }
        refusal.audit = [AuditEntry(.permissionDenied, .denied, of: subject, details: words)]
        return refusal
    }

    /// A refusal in the words of the catalogue.
    /// - Parameter values: of the placeholders in its text.
    public init(_ code: ErrorCode, _ values: [String: String] = [:]) {
        text = code.words.with(values)
        reason = code.label
    }
}

/// Something outside is not working now; repeating later may help.
public struct Outage: ClassifiedError {
    /// The part that failed, from a closed set of words such as `model` or `disk`.
    public let part: String
    public let description: String
    /// What the other side asked us to wait, if it did.
    public let retryAfter: Duration?
    public var failureClass: FailureClass { .outage }
    public var errorCode: ErrorCode { .outage(of: part) }

    public init(_ part: String, _ description: String, retryAfter: Duration? = nil) {
        self.part = part
        self.description = "\(part): \(description)"
        self.retryAfter = retryAfter
    }
}

/// A setting, or the world around the program, that only the operator can put right.
public struct Misconfiguration: ClassifiedError, Equatable {
    /// The setting's name, or the part that is wrong.
    public let key: String
    public let problem: String
    /// What to do, as an instruction.
    public let remedy: String
    public var failureClass: FailureClass { .misconfiguration }
    public var description: String { "\(key) \(problem). \(remedy)" }

    public init(_ key: String, _ problem: String, remedy: String) {
        self.key = key
        self.problem = problem
        self.remedy = remedy
    }
}

/// Something that the program's own text should have made impossible.
public struct Defect: ClassifiedError {
    public let description: String
    public var failureClass: FailureClass { .defect }
    public init(_ description: String) { self.description = description }
}
