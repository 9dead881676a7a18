import BotKit
import Foundation

/// Puts a member's words to the model, with what was said before, and remembers both.
struct ChatPartner: Sendable {
    let settings: ChatSettings
    let model: any LanguageModel
    let conversation: Conversation
    let media: any MediaLibrary
    let tokens: any TokenCounter
    let pseudonym: @Sendable (MemberID) -> String

    /// Images that one question may bring.
    private static let maxImages = 4
    /// What an image counts in the window, when the server tells nothing: a large one in full detail.
    private static let imageTokens = 1_600

    func answer(_ turn: Turn, to question: String) async throws -> Answer {
        let images = try await images(for: turn)
        let said = framed(question, in: turn)
        let prePrompt = settings.prePrompt.map { [ModelRequest.Message(.system, $0)] } ?? []
        let instructions = settings.prePrompt.map { tokens.count($0) + Conversation.overhead } ?? 0
        let fixed = instructions + tokens.count(said) + Conversation.overhead + images.count * Self.imageTokens
        var budget = settings.contextTokens - fixed
        while true {
            let history = try await conversation.window(of: turn.chat.id, budget: budget)
            let request = ModelRequest(
                messages: prePrompt + history.map(Self.message) + [.init(.user, [.text(said)] + images)],
                safetyIdentifier: pseudonym(turn.member.id))
            do {
                let reply = try await model.reply(to: request)
                return try remember(reply, of: turn, question: said, history: history)
            } catch let fault as ModelFault where fault.code == "context_too_long" && !history.isEmpty {
                budget = history.reduce(0) { $0 + $1.tokens + Conversation.overhead } / 2
            }
        }
    }

    private func remember(_ reply: ModelReply, of turn: Turn, question: String, history: [ConversationEntry]) throws
        -> Answer
    {
        let text = reply.text.trimmingInvisible.description
        guard !text.isEmpty else {
            throw Refusal(reply.finish == .contentFilter ? .declined : .noAnswer, reason: "empty_answer")
        }
        let usage = reply.usage
        let spoken = usage.isEstimate ? tokens.count(text) : usage.outputTokens - usage.reasoningTokens
        // With nothing left out since the last answer, the server's two totals tell the question's exact size.
        let before = history.last?.total
        let asked = usage.isEstimate ? nil : before.map { usage.inputTokens - $0 }.flatMap { $0 > 0 ? $0 : nil }
        let entries = [
            ConversationEntry(
                speaker: .member, name: turn.chat.isGroup ? turn.member.name : nil, text: question,
                tokens: asked ?? tokens.count(question)),
            ConversationEntry(
                speaker: .bot, text: text, tokens: max(1, spoken),
                total: usage.isEstimate ? nil : usage.inputTokens + spoken),
        ]
        let writes =
            conversation.statements(adding: entries, in: turn.chat.id, by: turn.member.id, at: turn.receivedAt)
            + [
                .recordUsage(
                    usage, id: conversation.ids.next(at: turn.receivedAt), by: turn.member.id, in: turn.chat.id,
                    at: turn.receivedAt)
            ]
        return Answer([.verbatim(text)], writes: writes)
    }

    /// The question as the model reads it: who asks, in a group, and what it refers to.
    private func framed(_ question: String, in turn: Turn) -> String {
        var text = question.isEmpty && !turn.media.isEmpty ? "(an image without words)" : question
        if let quoted = turn.quoted?.text, !quoted.isEmpty {
            let whose = turn.quoted?.isFromBot == true ? "your earlier message" : "this message"
            text = "(Referring to \(whose): \"\(quoted.prefix(2_000))\")\n\(text)"
        }
        if turn.chat.isGroup, let name = turn.member.name?.prefix(64), !name.isEmpty { text = "\(name): \(text)" }
        return text
    }

    private func images(for turn: Turn) async throws -> [ModelRequest.Part] {
        guard settings.visionEnabled else { return [] }
        let sources = turn.media + [turn.quoted?.media].compactMap { $0 }
        var parts: [ModelRequest.Part] = []
        for source in sources.filter({ $0.kind == .image || $0.kind == .sticker }).prefix(Self.maxImages) {
            let data = try await media.load(source, from: turn.chat.id, maxBytes: settings.visionMaxBytes)
            parts.append(.image(data, mimeType: source.mimeType))
        }
        return parts
    }

    private static func message(_ entry: ConversationEntry) -> ModelRequest.Message {
        .init(entry.speaker == .bot ? .assistant : .user, entry.text)
    }
}

extension Text {
    fileprivate static let noAnswer = Text(
        "chat.no_answer", en: "I have no answer to that. Please put it in other words.",
        he: "אין לי תשובה לזה. אפשר לנסח אחרת?")
    fileprivate static let declined = Text(
        "chat.declined", en: "The model declined to answer that. Please ask something else.",
        he: "המודל סירב לענות על זה. אפשר לשאול משהו אחר.")
}
