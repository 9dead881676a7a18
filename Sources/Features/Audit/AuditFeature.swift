public import BotKit

/// What owners see of the audit: `audit`.
public struct AuditFeature: Feature {
    public static let name = "audit"
    public let responders: [any Responder]

    /// - Parameter shown: how much of an answer its member will see.
    public init(reader: any AuditReader, shown: @escaping @Sendable (String, Turn) -> String) {
        responders = [AuditCommand(reader: reader, shown: shown)]
    }
}
