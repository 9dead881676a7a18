public import BotKit
public import Foundation

/// Conversations with a language model: `gpt`, bare text, `reset`, `status`, `stop`.
public struct ChatFeature: Feature {
    public static let name = "chat"

    public let responders: [any Responder]
    public let runtimeSettings: [RuntimeSettingDescription]
    public static let migrations = Conversation.migrations
    public static let personalData = Conversation.personalData

    /// - Parameters:
    ///   - modelName: what `status` says is in use.
    ///   - shown: how much of an answer its member will see.
    ///   - consent: asks members whether the conversation may be kept.
    ///   - pseudonym: a keyed hash of the member, for services that tell abusers apart.
    public init(
        settings: ChatSettings, model: any LanguageModel, modelName: String, tokens: any TokenCounter,
        media: any MediaLibrary, queue: any WorkQueue, database: any Database, ids: RowIDs, startedAt: Date,
        consent: any ConsentDesk, shown: @escaping @Sendable (String, Turn) -> String,
        pseudonym: @escaping @Sendable (MemberID) -> String
    ) {
        let conversation = Conversation(database: database, ids: ids, tokens: tokens)
        let partner = ChatPartner(
            settings: settings, model: model, conversation: conversation, media: media, tokens: tokens,
            shown: shown, pseudonym: pseudonym, consent: consent)
        runtimeSettings = ChatRuntimeSettings.described(settings, modelName: modelName)
        responders = [
            StopCommand(queue: queue),
            ResetCommand(prefix: settings.resetPrefix, conversation: conversation),
            StatusCommand(conversation: conversation, settings: settings, modelName: modelName, startedAt: startedAt),
            GptCommand(prefix: settings.gptPrefix, partner: partner),
            BareText(visionEnabled: settings.visionEnabled, partner: partner),
        ]
    }
}
