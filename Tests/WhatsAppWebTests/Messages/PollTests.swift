import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

@Suite struct PollTests {
    struct Vector: Decodable {
        let secret: Hex
        let nonce: Hex
        let id: String
        let author: String
        let voter: String
        let option: String
        let poll_vote: Hex
        let reaction: Hex
    }

    let vector: Vector
    let poll: MessageReference
    let header: MessageHeader

    init() throws {
        vector = try Vectors.load("additions")
        poll = MessageReference(
            id: vector.id, chat: People.group, sender: try #require(JID(vector.author)), isFromMe: true)
        header = .fromDana(in: People.group)
    }

    private var vote: SealedAddition {
        SealedAddition(use: .pollVote, target: poll, payload: vector.poll_vote.bytes, nonce: vector.nonce.bytes)
    }

    @Test func `seals a vote as others do`() throws {
        let sealed = try PollVote(for: [vector.option]).sealed(
            for: poll, secret: vector.secret.bytes, voter: try #require(JID(vector.voter)),
            nonce: vector.nonce.bytes, at: Date(timeIntervalSince1970: 1))
        #expect(sealed.payload == vector.poll_vote.bytes)
    }

    @Test func `opens a vote of others, whichever address they used`() throws {
        let opened = try PollVote(
            opening: vote, in: header, secret: vector.secret.bytes, authors: [People.myPhone, poll.sender])
        #expect(opened == PollVote(for: [vector.option]))
    }

    @Test func `opens an encrypted reaction`() throws {
        let sealed = SealedAddition(
            use: .reaction, target: poll, payload: vector.reaction.bytes, nonce: vector.nonce.bytes)
        let content = try MessageContent.opening(
            sealed, in: header, secret: vector.secret.bytes, authors: [poll.sender])
        #expect(content == .reaction(Reaction("👍", to: poll)))
    }

    @Test func `a vote with any byte changed or cut is refused`() throws {
        for index in vote.payload.indices {
            var flipped = vote
            flipped.payload[index] ^= 0x40
            var cut = vote
            cut.payload = Array(cut.payload[..<index])
            for bad in [flipped, cut] {
                #expect(throws: WebError.self) {
                    try PollVote(opening: bad, in: header, secret: vector.secret.bytes, authors: [poll.sender])
                }
            }
        }
    }

    @Test func `a vote counts only for who sealed it`() throws {
        var stranger = header
        stranger.sender = People.omer
        stranger.senderAlias = nil
        #expect(throws: WebError.self) {
            try PollVote(opening: vote, in: stranger, secret: vector.secret.bytes, authors: [poll.sender])
        }
    }

    @Test func `each member's newest vote counts`() {
        var tally = PollTally(Poll("Q", options: ["a", "b", "c"], maximumChoices: 2))
        let start = Date(timeIntervalSince1970: 100)
        let counted = [
            tally.count(PollVote(for: ["a"]), by: People.dana, at: start),
            tally.count(PollVote(for: ["b", "unknown", "b"]), by: People.dana, at: start + 1),
            tally.count(PollVote(for: ["c"]), by: People.dana, at: start),
            tally.count(PollVote(for: ["a", "b", "c"]), by: People.omer, at: start),
            tally.count(PollVote(for: ["b", "c"]), by: People.omer.with(device: 3), at: start),
        ]
        #expect(counted == [true, true, false, false, true])
        #expect(tally.rows.map(\.voters) == [[], [People.dana, People.omer], [People.omer]])
        #expect(tally.choices(of: People.omer) == ["b", "c"])
        tally.count(PollVote(for: []), by: People.omer, at: start + 5)
        #expect(tally.rows.map(\.voters.count) == [0, 1, 0])
    }

    @Test func `after its end no vote counts`() {
        let end = Date(timeIntervalSince1970: 100)
        var tally = PollTally(Poll("Q", options: ["a", "b"], endsAt: end))
        tally.count(PollVote(for: ["a"]), by: People.dana, at: end + 1)
        #expect(tally.rows.map(\.voters) == [[], []])
    }
}
