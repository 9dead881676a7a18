import BotKit
import Foundation

/// Puts a member's words to the model, with what was said before, and remembers both.
struct ChatPartner: Sendable {
    let settings: ChatSettings
    let model: any LanguageModel
    let conversation: Conversation
    let media: any MediaLibrary
    let tokens: any TokenCounter
    /// How much of an answer its member will see.
    let shown: @Sendable (String, Turn) -> String
    let pseudonym: @Sendable (MemberID) -> String
    let consent: any ConsentDesk

    /// What an image counts in the window, when the server tells nothing: a large one in full detail.
    private static let imageTokens = 1_600

    /// Whether the answer is about images, which must be fetched and take a model long.
    func looksAtImages(of turn: Turn) -> Bool {
        settings.visionEnabled && (turn.media.contains(where: \.isPicture) || turn.quoted?.media?.isPicture == true)
    }

    func answer(_ turn: Turn, to question: String) async throws -> Answer {
        let images = try await images(for: turn)
        let said = framed(question, in: turn)
        let instruction = turn.settings[ChatRuntimeSettings.prePrompt] ?? settings.prePrompt
        let prePrompt = instruction.map { [ModelRequest.Message(.system, $0)] } ?? []
        let model = turn.settings[ChatRuntimeSettings.model]
        // What is sent whatever happens: the pre-prompt, the question, its images, and the frame of the last answer.
        let fixed =
            (instruction.map(size) ?? 0) + size(said) + images.count * Self.imageTokens
            + Conversation.overhead
        var budget = (turn.settings[ChatRuntimeSettings.contextTokens] ?? settings.contextTokens) - fixed
        while true {
            let window = try await conversation.window(of: turn.chat.id, budget: budget)
            let request = ModelRequest(
                messages: prePrompt + window.entries.map(Self.message) + [.init(.user, [.text(said)] + images)],
                safetyIdentifier: pseudonym(turn.member.id), model: model)
            do {
                // Asked first: what the model said is not to be lost for it.
                let question = try await consent.question(for: turn)
                let reply = try await self.model.reply(to: request)
                var answer = remember(reply, of: turn, question: said, hasImages: !images.isEmpty, window: window)
                // What was just said will be kept beyond the running conversation: once, it is asked for.
                if let question { answer.add(question) }
                return answer
            } catch let fault as ModelFault where fault.code == "context_too_long" {
                guard !window.entries.isEmpty else { throw Refusal(.tooLong, reason: "context_too_long") }
                budget = window.tokens / 2
            } catch let fault as ModelFault where fault.code == ModelFault.noSuchModel {
                guard let model else { throw fault }
                throw Refusal(.noSuchModel.with(["model": model]), reason: "no_such_model")
            }
        }
    }

    private func size(_ text: String) -> Int { tokens.count(text) + Conversation.overhead }

    private func remember(
        _ reply: ModelReply, of turn: Turn, question: String, hasImages: Bool, window: ConversationWindow
    ) -> Answer {
        let usage = reply.usage
        let time = turn.receivedAt
        let record = SQL.recordUsage(
            usage, id: conversation.ids.next(at: time), by: turn.member.id, in: turn.chat.id, at: time)
        let text = reply.text.trimmingInvisible.description
        guard !text.isEmpty else {
            // It was paid for all the same.
            return Answer([.text(reply.finish == .contentFilter ? .declined : .noAnswer)], writes: [record])
        }
        let spoken = max(1, usage.outputTokens - usage.reasoningTokens)
        // Who asks to go on means: from the last word that was read.
        let seen = shown(text, turn)
        let isEstimate = usage.isEstimate || seen.utf8.count < text.utf8.count
        let asked = asked(question, usage: usage, hasImages: hasImages, window: window)
        let entries = [
            ConversationEntry(
                speaker: .member, name: turn.chat.isGroup ? turn.member.name : nil, text: question,
                tokens: asked ?? size(question)),
            ConversationEntry(
                speaker: .bot, text: seen,
                tokens: isEstimate ? size(seen) : asked == nil ? spoken + Conversation.overhead : spoken,
                // Images are not sent again, so their size says nothing about the next request.
                total: isEstimate || hasImages ? nil : usage.inputTokens + spoken),
        ]
        let writes = conversation.statements(adding: entries, in: turn.chat.id, by: turn.member.id, at: time)
        // The member alone is told: the model goes on from its own words.
        let isCut = reply.finish == .lengthLimit
        return Answer([isCut ? .verbatim(text, note: .cutOff) : .verbatim(text)], writes: writes + [record])
    }

    /// The exact size of the question with its frame and that of the answer before it: the difference of what the
    /// server counted then and now. `nil` when it cannot be told, because a part of the conversation was left out.
    private func asked(_ question: String, usage: Usage, hasImages: Bool, window: ConversationWindow) -> Int? {
        guard !usage.isEstimate, !hasImages, window.isWhole, let before = window.entries.last?.total else { return nil }
        let difference = usage.inputTokens - before
        return difference > 0 ? min(difference, size(question) + Conversation.overhead) : nil
    }

    /// The question as the model reads it: who asks, in a group, and what it refers to.
    private func framed(_ question: String, in turn: Turn) -> String {
        var text = question.isEmpty && !turn.media.isEmpty ? "(an image without words)" : question
        if let quoted = turn.quoted?.text, !quoted.isEmpty {
            let whose = turn.quoted?.isFromBot == true ? "your earlier message" : "this message"
            text = "(Referring to \(whose): \"\(quoted.prefix(2_000))\")\n\(text)"
        }
        if turn.chat.isGroup, let name = turn.member.name {
            // A name must not look like another line of the conversation.
            let word = name.prefix(64).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if !word.isEmpty { text = "\(word): \(text)" }
        }
        return text
    }

    private func images(for turn: Turn) async throws -> [ModelRequest.Part] {
        guard settings.visionEnabled else { return [] }
        var parts: [ModelRequest.Part] = []
        for source in turn.media.filter(\.isPicture).prefix(settings.visionMaxImages) {
            let data = try await media.load(source, from: turn.chat.id, maxBytes: settings.visionMaxBytes)
            parts.append(.image(data, mimeType: source.mimeType))
        }
        if let quoted = turn.quoted?.media, quoted.isPicture, parts.count < settings.visionMaxImages {
            do {
                let data = try await media.load(quoted, from: turn.chat.id, maxBytes: settings.visionMaxBytes)
                parts.append(.image(data, mimeType: quoted.mimeType))
            } catch is Refusal {
                // A quoted image that the network no longer has must not cost the question.
            }
        }
        return parts
    }

    private static func message(_ entry: ConversationEntry) -> ModelRequest.Message {
        .init(entry.speaker == .bot ? .assistant : .user, entry.text)
    }
}

extension Media {
    /// Whether a model can look at it.
    fileprivate var isPicture: Bool { kind == .image || kind == .sticker }
}

extension Text {
    fileprivate static let noAnswer = Text(
        "chat.no_answer", en: "I have no answer to that. Please put it in other words.",
        he: "אין לי תשובה לזה. אפשר לנסח אחרת?")
    fileprivate static let cutOff = Text(
        "chat.cut_off", en: "(The answer was cut off: it got too long. Ask me to continue.)",
        he: "(התשובה נקטעה כי הייתה ארוכה מדי. אפשר לבקש ממני להמשיך.)")
    fileprivate static let declined = Text(
        "chat.declined", en: "The model declined to answer that. Please ask something else.",
        he: "המודל סירב לענות על זה. אפשר לשאול משהו אחר.")
    fileprivate static let noSuchModel = Text(
        "chat.no_such_model",
        en: "There is no model called {model}, which was set for this chat. !config undo takes that back.",
        he: "אין מודל בשם {model}, שנקבע לצ׳אט הזה. אפשר לבטל עם !config undo.")
    fileprivate static let tooLong = Text(
        "chat.too_long", en: "That is more than the model can read at once. Please shorten it or send it in parts.",
        he: "זה יותר ממה שהמודל יכול לקרוא בבת אחת. כדאי לקצר או לשלוח בחלקים.")
}
