public import BotKit

/// What owners see of the audit: `audit`.
public struct AuditFeature: Feature {
    public static let name = "audit"
    public let responders: [any Responder]

    /// - Parameters:
    ///   - shown: how much of an answer its member will see.
    ///   - providers: the networks that there are.
    public init(
        reader: any AuditReader, shown: @escaping @Sendable (String, Turn) -> String,
        providers: @escaping @Sendable () -> Set<ProviderID>
    ) {
        responders = [AuditCommand(reader: reader, shown: shown, providers: providers)]
    }
}
