public import BotKit

/// How much of a long answer reaches a member: a network takes so much in a message, and an answer is so many messages.
public struct AnswerLength: Sendable {
    private let splitter: ReplySplitter
    private let directory: ProviderDirectory
    private let phrasebook: Phrasebook

    public init(_ settings: OutboxSettings, directory: ProviderDirectory, phrasebook: Phrasebook) {
        splitter = ReplySplitter(maxMessages: settings.maxMessages)
        self.directory = directory
        self.phrasebook = phrasebook
    }

    /// The words of `text` that the member of a turn will see, without what is said about the rest.
    public func shown(of text: String, to turn: Turn) -> String {
        splitter.shown(
            of: text, limit: directory.provider(of: turn.chat.id)?.abilities.textLimit ?? 4096,
            notice: phrasebook.string(.cutHere, in: turn.language))
    }
}
