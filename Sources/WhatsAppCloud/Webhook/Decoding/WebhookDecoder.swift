import Foundation

/// Reads the body of a webhook into updates.
///
/// Everything of the batch is read: all entries, changes, messages and statuses. A piece that is new or broken becomes
/// an update that keeps its raw text; only a body that is no JSON, or no webhook, or beyond a limit, throws.
public struct WebhookDecoder: Sendable {
    /// What one body may cost.
    public struct Limits: Sendable {
        /// The longest body; Meta sends up to 3 MB.
        public var bodyBytes = 3 * 1024 * 1024
        /// The deepest nesting of arrays and objects.
        public var depth = 64
        /// The most JSON values, keys included.
        public var values = 400_000
        /// The most updates; Meta sends up to 1000.
        public var updates = 10_000

        /// The limits of the documentation, with room.
        public init() {}
    }

    private let limits: Limits

    /// Makes a decoder that gives up beyond `limits`.
    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Reads the raw bytes of a body.
    /// - Throws: `WebhookFailure`; the caller keeps the bytes and still answers 200, or Meta repeats them for 7 days.
    public func decode(_ body: [UInt8]) throws(WebhookFailure) -> [WebhookUpdate] {
        guard body.count <= limits.bodyBytes else {
            throw WebhookFailure(.tooLarge, "webhook body has \(body.count) bytes, the limit is \(limits.bodyBytes)")
        }
        let root: JSON
        do {
            root = try JSON(parsing: body, limits: JSONLimits(depth: limits.depth, values: limits.values))
        } catch {
            throw WebhookFailure(error)
        }
        var reading = WebhookReading(limit: limits.updates)
        if root["entry"]?.isArray == true {
            try reading.readEnvelope(root)
        } else if root["field"] != nil {
            // The dashboard's test button may post one bare change.
            try reading.readChange(root, of: nil)
        } else {
            throw WebhookFailure(.notAWebhook, "webhook body has neither \"entry\" nor \"field\"")
        }
        return reading.updates
    }
}

/// Why a whole body gave no updates.
public struct WebhookFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// A kind of failure; more may come.
    public struct Code: Sendable, Hashable {
        private let name: String
        private init(_ name: String) { self.name = name }

        /// The body is longer than allowed.
        public static let tooLarge = Code("tooLarge")
        /// The body is not JSON.
        public static let notJSON = Code("notJSON")
        /// Arrays and objects are nested deeper than allowed.
        public static let tooDeep = Code("tooDeep")
        /// There are more values or updates than allowed.
        public static let tooMany = Code("tooMany")
        /// It is JSON, but no webhook.
        public static let notAWebhook = Code("notAWebhook")
    }

    /// The kind of failure.
    public let code: Code
    /// What failed; holds no part of the body.
    public let message: String
    /// The message.
    public var description: String { message }

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ failure: JSONFailure) {
        switch failure {
        case .malformed(let offset): self.init(.notJSON, "webhook body is not JSON at byte \(offset)")
        case .tooDeep(let limit): self.init(.tooDeep, "webhook body is nested deeper than \(limit)")
        case .tooManyValues(let limit): self.init(.tooMany, "webhook body has more than \(limit) values")
        case .tooLong: self.init(.tooLarge, "webhook body is longer than 2 GB")
        }
    }
}
