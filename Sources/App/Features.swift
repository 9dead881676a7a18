import AIServices
import BotCore
import BotKit
import Features
import Foundation

/// What features are made of.
struct FeatureParts: Sendable {
    let settings: ProductSettings
    let model: any LanguageModel
    let keys: any ReplaceableKeys
    let modelName: String
    let media: any MediaLibrary
    let queue: any WorkQueue
    let audit: any AuditReader
    let access: any AccessBook
    let sessions: any AdminSessions
    let privacy: any PrivacyBook & ConsentDesk
    let records: any TurnRecords
    let permissions: any PermissionCheck
    let networks: @Sendable () -> [any ContactBlocking]
    let providers: @Sendable () -> Set<ProviderID>
    let values: any SettingBook
    let languages: Set<Language>
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
        GroupsFeature.self, AccessFeature.self, PrivacyFeature.self, AuditFeature.self, WhyFeature.self,
        WorkFeature.self,
        ChatFeature.self, ConfigurationFeature.self, HelpFeature.self,
    ]

    static func make(_ parts: FeatureParts) -> [any Feature] {
        let chat = ChatFeature(
            settings: parts.settings.chat, model: parts.model, modelName: parts.modelName, tokens: TokenEstimate(),
            media: parts.media, queue: parts.queue, database: parts.database, ids: parts.ids,
            startedAt: parts.startedAt, consent: parts.privacy,
            shown: parts.shown, pseudonym: parts.pseudonym)
        let access = AccessFeature(
            book: parts.access, sessions: parts.sessions, networks: parts.networks, providers: parts.providers)
        let features: [any Feature] = [
            GroupsFeature(), access,
            PrivacyFeature(book: parts.privacy),
            AuditFeature(reader: parts.audit, shown: parts.shown, providers: parts.providers),
            WhyFeature(records: parts.records, permissions: parts.permissions),
            WorkFeature(queue: parts.queue),
        ]
        let pipeline = parts.settings.core.pipeline
        let configuration = ConfigurationFeature(
            settings: parts.settings.configuration, book: parts.values,
            runtimeSettings: CoreRuntimeSettings.described(parts.settings.core, languages: parts.languages)
                + (features + [chat]).flatMap(\.runtimeSettings),
            fixed: parts.settings.shown, keys: parts.keys, admission: access.admission)
        // What is no command is the model's, so its feature comes last.
        let all = features + [configuration, chat]
        // In the list of commands it comes first.
        return all + [
            HelpFeature(describing: [chat] + features + [configuration], requiresPrefix: pipeline.requiresPrefix)
        ]
    }
}
