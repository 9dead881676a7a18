public import BotKit

/// What owners see of the audit: `audit`.
public struct AuditFeature: Feature {
    public static let name = "audit"
    public let responders: [any Responder]

    public init(reader: any AuditReader) { responders = [AuditCommand(reader: reader)] }
}
