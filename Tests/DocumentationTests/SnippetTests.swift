import BotKit
import Foundation
import Testing

/// The examples of docs/adding do what their pages say.
@Suite struct SnippetTests {
    let start = Date(milliseconds: 1_767_225_600_000)

    private func turn(_ text: String) -> Turn {
        let chat: ChatID = "console:home/dana"
        let message = InboundMessage(
            id: "1", chat: chat, sender: .init(id: "console/dana"), sentAt: start, receivedAt: start,
            content: .text(text))
        return Turn(
            id: 1, messages: [message], member: Member(id: "console/dana"), chat: Chat(id: chat), language: .english,
            addressing: .direct, text: text, receivedAt: start)
    }

    private func words(_ answer: Answer) -> [String] {
        answer.replies.compactMap { $0.rendered(in: .english, by: Phrasebook(), quoting: nil).text }
    }

    @Test func `the command rolls the sides that it is asked for and refuses others`() async throws {
        let command = RollCommand(pick: { $0.upperBound })
        #expect(command.accepts(turn("!Roll 20")) && command.accepts(turn("/roll")) && !command.accepts(turn("roll")))
        #expect(try await words(command.answer(turn("!roll 20"))) == ["You rolled 20."])
        #expect(try await words(command.answer(turn("!roll"))) == ["You rolled 6."])
        await #expect(throws: Refusal.self) { _ = try await command.answer(turn("!roll 1")) }
    }

    @Test func `the feature writes a note in the transaction that answers, and lists notes`() async throws {
        let row = Row(columns: ["text"], values: [.text("milk")])
        let feature = NotesFeature(database: FixedRows(answer: [row]))
        let note = try #require(feature.responders.first { $0.accepts(turn("!note milk")) })
        #expect(try await note.answer(turn("!note milk")).writes.count == 1)
        let notes = try #require(feature.responders.first { $0.accepts(turn("!notes")) })
        #expect(try await words(notes.answer(turn("!notes"))) == ["• milk"])
        #expect(NotesFeature.personalData.map(\.table.text) == ["note"])
    }

    @Test func `the provider stores a card before it confirms it, and says what became of a reply`() async throws {
        let office = PaperOffice()
        let provider = PostcardProvider(
            account: "post:home", office: office, inbox: office, time: ManualTime(start))
        try await provider.run()
        #expect(await office.steps == ["stored 7", "confirmed 7"])
        func send(to name: String) async throws -> MessageID {
            try await provider.send(
                OutgoingMessage(
                    row: 1, chat: ChatID(account: "post:home", name: name), messageID: nil,
                    reply: RenderedReply(content: .text("hello")), attempt: 0))
        }
        #expect(try await send(to: "Dana") == "8")
        await #expect { _ = try await send(to: "nowhere") } throws: { ($0 as? SendFailure)?.remedy == .giveUp }
    }

    @Test(arguments: [(401, FailureClass.defect), (429, .outage), (503, .outage), (404, .defect)])
    func `the model says who must act when its service fails`(status: Int, expected: FailureClass) async throws {
        let model = ScribeModel(post: { _ in (status, Data()) }, model: "quill")
        await #expect { _ = try await model.reply(to: ModelRequest(messages: [.init(.user, "hi")])) } throws: {
            $0.classified == expected
        }
    }

    @Test func `the model reads an answer and its usage`() async throws {
        let body = Data(#"{"text":"hello","cut":false,"read":3,"written":1}"#.utf8)
        let model = ScribeModel(post: { _ in (200, body) }, model: "quill")
        let reply = try await model.reply(to: ModelRequest(messages: [.init(.user, "hi")]))
        #expect(reply.text == "hello" && reply.finish == .complete && reply.usage.inputTokens == 3)
    }
}

/// A store that answers every query with the same rows and takes no writes.
private struct FixedRows: Database {
    let answer: [Row]

    func run(_ statement: SQL) async throws -> Int { throw DatabaseError.readOnly }
    func rows(_ query: SQL) async throws -> [Row] { answer }
    func transaction(_ statements: [SQL]) async throws -> [Int] { throw DatabaseError.readOnly }
}

/// A post office with one card to give, which notes the order of what happens.
private actor PaperOffice: PostOffice, Inbox {
    private(set) var steps: [String] = []
    var isOpen: Bool { true }

    func arrivals() -> AsyncStream<Postcard> {
        AsyncStream { stream in
            stream.yield(Postcard(number: "7", address: "Dana", text: "hello", date: Date(milliseconds: 0)))
            stream.finish()
        }
    }

    func confirm(_ card: Postcard) { steps.append("confirmed \(card.number)") }

    func post(_ text: String, to address: String, reference: Int64) throws(PostFailure) -> String {
        guard address != "nowhere" else { throw .unknownAddress }
        return "8"
    }

    func receive(_ messages: [InboundMessage], writes: [SQL]) {
        steps += messages.map { "stored \($0.id.rawValue)" }
    }
}
