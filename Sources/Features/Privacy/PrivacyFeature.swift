public import BotKit

/// What members decide about what is stored of them: `privacy`, `retention`, `export`, `wipe`.
public struct PrivacyFeature: Feature {
    public static let name = "privacy"
    public let responders: [any Responder]

    public init(book: any PrivacyBook) {
        responders = [
            GroupConsentCommand(book: book), PrivacyCommand(book: book), GroupRetentionCommand(book: book),
            RetentionCommand(book: book), ExportCommand(book: book), GroupWipeCommand(book: book),
            WipeCommand(book: book),
        ]
    }
}
