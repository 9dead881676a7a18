import AIServices
import BotCore
import BotKit
import Features
import Foundation

/// What features are made of.
struct FeatureParts: Sendable {
    let settings: ProductSettings
    let model: any LanguageModel
    let modelName: String
    let media: any MediaLibrary
    let audit: any AuditReader
    let access: any AccessBook
    let sessions: any AdminSessions
    let records: any TurnRecords
    let permissions: any PermissionCheck
    let networks: @Sendable () -> [any ContactBlocking]
    let database: any Database
    let ids: RowIDs
    let pseudonym: @Sendable (MemberID) -> String
    let startedAt: Date
    let shown: @Sendable (String, Turn) -> String
}

/// What the bot can do: a line each. The first responder that accepts a message answers it.
enum ProductFeatures {
    /// The kinds of feature, for the schema.
    static let types: [any Feature.Type] = [
        GroupsFeature.self, AccessFeature.self, AuditFeature.self, WhyFeature.self, ChatFeature.self,
        HelpFeature.self,
    ]

    static func make(_ parts: FeatureParts) -> [any Feature] {
        let features: [any Feature] = [
            GroupsFeature(),
            AccessFeature(book: parts.access, sessions: parts.sessions, networks: parts.networks),
            AuditFeature(reader: parts.audit),
            WhyFeature(records: parts.records, permissions: parts.permissions),
            ChatFeature(
                settings: parts.settings.chat, model: parts.model, modelName: parts.modelName, tokens: TokenEstimate(),
                media: parts.media, database: parts.database, ids: parts.ids, startedAt: parts.startedAt,
                shown: parts.shown, pseudonym: parts.pseudonym),
        ]
        let pipeline = parts.settings.core.pipeline
        return features + [
            HelpFeature(describing: features, requiresPrefix: pipeline.requiresPrefix)
        ]
    }
}
