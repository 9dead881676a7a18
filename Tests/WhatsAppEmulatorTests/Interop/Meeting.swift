import Foundation
import Synchronization
import TestKit
import Testing
import WhatsAppWeb
import WhatsAppWire

@testable import WhatsAppEmulator

/// Dana's client, which is ours, and Omer's, which is whatsmeow, and what they do.
struct Meeting: Sendable {
    let stage: WebStage
    let dana: WebPeer
    let omer: WhatsmeowPeer
    let folder: URL
    let toOmer = JID.phoneNumber(WebPeer.omer)
    /// The messages that were damaged on purpose; nothing else may be unreadable.
    let damaged = Damaged()

    /// Messages by id.
    final class Damaged: Sendable {
        private let state = Mutex<Set<String>>([])
        var ids: Set<String> { state.withLock { $0 } }
        func note(_ id: String) { state.withLock { _ = $0.insert(id) } }
    }

    init(stage: WebStage, dana: WebPeer, omer: WhatsmeowPeer, folder: URL) {
        self.stage = stage
        self.dana = dana
        self.omer = omer
        self.folder = folder
    }

    func texts() async throws {
        for turn in 1...4 {
            let sent = try await dana.client.send(OutgoingMessage(.text("to omer \(turn)")), to: toOmer)
            #expect(try await omer.message(sent.id).text == "to omer \(turn)")
            let answer = try await omer.perform("text", ["to": WebPeer.dana, "text": "to dana \(turn)"])
            #expect(try await received(answer).content.text == "to dana \(turn)")
        }
    }

    /// whatsmeow uses a key twice now and then when many messages are in flight, and loses what it learned from one; all
    /// come nevertheless, and our keys are used once.
    func manyAtOnce() async throws {
        try await texts()
        let (client, peer, address) = (dana.client, omer, toOmer)
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 1...20 {
                group.addTask { try await client.send(OutgoingMessage(.text("at once \(number)")), to: address).id }
                group.addTask { try await peer.perform("text", ["to": WebPeer.dana, "text": "at once \(number)"]) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(ids).count == 40)
        let texts = { dana.heard.messages.compactMap(\.content.text).filter { $0.hasPrefix("at once") }.sorted() }
        try await stage.until("twenty texts at once") { texts().count >= 20 }
        #expect(texts() == (1...20).map { "at once \($0)" }.sorted())
        for number in 1...20 { try await omer.text("at once \(number)") }
        try await stage.until("all to be acknowledged") { try await stage.control.isAllAcknowledged() }
        #expect(try await stage.control.faults(keysOf: WebPeer.dana).isEmpty)
        #expect(dana.heard.unreadable.isEmpty)
    }

    /// Quotes, reactions, edits and revocations, both ways.
    func changes() async throws {
        let theirs = try await received(omer.perform("text", ["to": WebPeer.dana, "text": "a question"]))
        let answer = try await dana.client.send(
            OutgoingMessage(.text("an answer"), quote: Quote(theirs)), to: toOmer)
        let quoting = try await omer.message(answer.id)
        #expect(quoting.quoted == theirs.id && quoting.quotedText == "a question")
        let reply = try await received(omer.perform("reply", ["id": answer.id, "text": "thanks"]))
        #expect(reply.quote?.target.id == answer.id && reply.quote?.content?.text == "an answer")

        let emoji = try await dana.client.send(
            OutgoingMessage(.reaction(Reaction("👍", to: theirs.header.reference))), to: toOmer)
        let reaction = try await omer.message(emoji.id)
        #expect(reaction.emoji == "👍" && reaction.target == theirs.id)
        let back = try await received(
            omer.perform(
                "react", ["chat": quoting.chat ?? "", "sender": quoting.sender ?? "", "id": answer.id, "emoji": "🎉"]))
        guard case .reaction(let cheer) = back.content else { return notExpected(back) }
        #expect(cheer.emoji == "🎉" && cheer.target.id == answer.id)

        let edit = try await dana.client.send(
            OutgoingMessage(.edit(own(answer.id), TextContent("a better answer"))), to: toOmer)
        let edited = try await omer.message(edit.id)
        #expect(edited.edited == "a better answer" && edited.target == answer.id)
        let changed = try await received(
            omer.perform("edit", ["chat": WebPeer.dana, "id": theirs.id, "text": "a better question"]))
        guard case .edit(let change) = changed.content else { return notExpected(changed) }
        #expect(change.target.id == theirs.id && change.content.text == "a better question")

        let revoke = try await dana.client.send(OutgoingMessage(.revoke(own(answer.id))), to: toOmer)
        #expect(try await omer.message(revoke.id).target == answer.id)
        let revoked = try await received(
            omer.perform("revoke", ["chat": WebPeer.dana, "sender": WebPeer.omer, "id": theirs.id]))
        guard case .revoke(let revocation) = revoked.content else { return notExpected(revoked) }
        #expect(revocation.target.id == theirs.id)
    }

    /// A picture and a voice note each way, compared byte by byte.
    func media() async throws {
        let bytes = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let picture = try await dana.client.upload(.bytes(bytes), as: .image, mimeType: "image/png")
        let image = try await dana.client.send(
            OutgoingMessage(.image(ImageContent(picture, caption: "a picture"))), to: toOmer)
        try await omer.message(image.id)
        #expect(try await omer.perform("fetch", ["id": image.id]) == Data(bytes).base64EncodedString())
        let sound = try await dana.client.upload(.bytes(bytes), as: .audio, mimeType: "audio/ogg; codecs=opus")
        let waveform = AudioContent.waveform(of: [0, 300, -2_000, 32_000])
        let voice = try await dana.client.send(
            OutgoingMessage(.audio(AudioContent(sound, seconds: 2, isVoiceNote: true, waveform: waveform))),
            to: toOmer)
        let heard = try await omer.message(voice.id)
        #expect(heard.voice == true && heard.waveform == AudioContent.waveformLength)
        #expect(try await omer.perform("fetch", ["id": voice.id]) == Data(bytes).base64EncodedString())

        for command in ["image", "voice"] {
            let message = try await received(
                omer.perform(
                    command, ["to": WebPeer.dana, "base64_data": Data(bytes.reversed()).base64EncodedString()]))
            let media = try #require(message.content.media)
            #expect(try await dana.client.download(media, limit: 1 << 20) == bytes.reversed())
            if case .audio(let audio) = message.content {
                #expect(audio.isVoiceNote && audio.waveform == Array(0..<64))
            }
        }
    }

    func polls() async throws {
        let poll = Poll("Tea or coffee?", options: ["tea", "coffee"])
        let secret = (0..<32).map { UInt8($0) }
        var message = OutgoingMessage(.poll(poll))
        message.secret = secret
        let sent = try await dana.client.send(message, to: toOmer)
        let shown = try await omer.message(sent.id)
        #expect(shown.question == poll.question && shown.options?.count == 2)
        let cast = try await received(omer.perform("vote", ["id": sent.id, "options": ["coffee"]]))
        guard case .pollVote(let sealed) = cast.content else { return notExpected(cast) }
        let vote = try PollVote(
            opening: sealed, in: cast.header, secret: secret, authors: cast.header.ownAddresses)
        var tally = PollTally(poll)
        let isCounted = tally.count(vote, by: cast.sender, at: cast.sentAt)
        #expect(isCounted)
        #expect(tally.choices(of: cast.sender) == ["coffee"])

        let theirs = try await received(
            omer.perform("poll", ["to": WebPeer.dana, "question": "When?", "options": ["now", "later"]]))
        guard case .poll(let question) = theirs.content, let secret = theirs.secret else { return notExpected(theirs) }
        #expect(question.question == "When?" && question.options == ["now", "later"])
        let voter = try #require(theirs.header.ownAddresses.first { $0.server == theirs.chat.server })
        let ballot = try PollVote(for: ["later"]).sealed(
            for: theirs.header.reference, secret: secret, voter: voter, nonce: (0..<12).map { $0 }, at: Date())
        let answer = try await dana.client.send(OutgoingMessage(.pollVote(ballot)), to: toOmer)
        let counted = try await omer.message(answer.id)
        #expect(counted.error == nil && counted.options?.count == 1, "\(counted)")
    }

    // MARK: - Support

    /// Waits for a message of whatsmeow's, or of a phone, at our client.
    func received(_ id: String) async throws -> ReceivedMessage {
        try await stage.until("message \(id)") { dana.heard.messages.contains { $0.id == id } }
        return try #require(dana.heard.messages.first { $0.id == id })
    }

    private func own(_ id: String) -> MessageReference {
        MessageReference(id: id, chat: toOmer, sender: .phoneNumber(WebPeer.dana), isFromMe: true)
    }

    private func notExpected(_ message: ReceivedMessage) { Issue.record("not expected: \(message.content)") }
}
