import Foundation
import Testing

@testable import WhatsAppCloud

@Suite struct HostileBodyTests {
    private func failure(_ body: [UInt8]) -> WebhookFailure.Code? {
        do {
            _ = try WebhookDecoder().decode(body)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `takes 3 MB and refuses one byte more`() {
        let empty = Sample.body(#""messages":[\#(Sample.text(""))]"#)
        let filling = String(repeating: "x", count: 3 * 1024 * 1024 - empty.utf8.count)
        let full = Array(Sample.body(#""messages":[\#(Sample.text(filling))]"#).utf8)
        #expect(full.count == 3 * 1024 * 1024)
        #expect(failure(full) == nil)
        #expect(failure(full + [0x20]) == .tooLarge)
    }

    @Test(arguments: ["[", #"{"a":"#])
    func `refuses a depth bomb at once`(_ opening: String) {
        #expect(failure(Array(String(repeating: opening, count: 100_000).utf8)) == .tooDeep)
    }

    @Test func `refuses more values than allowed`() {
        #expect(failure(Array(("[" + String(repeating: "0,", count: 500_000) + "0]").utf8)) == .tooMany)
    }

    @Test func `refuses more updates than allowed`() {
        let messages = Array(repeating: "1", count: 10_001).joined(separator: ",")
        #expect(failure(Array(Sample.body(#""messages":[\#(messages)]"#).utf8)) == .tooMany)
    }

    @Test(arguments: [
        "", " ", "<html>", "{", "}", "nul", "truex", "01", "-", "1.", "1e", #""\x""#, #""\u12g4""#, "\"\u{1}\"",
        #"{"a"}"#,
        #"{"a":1,}"#, "[1,]", "[1 2]", #"{a:1}"#, "{} {}", "\u{FEFF}{}", #"{"entry":"#, "'a'", "NaN", "+1", ".5",
    ])
    func `refuses what is not JSON`(_ text: String) {
        #expect(failure(Array(text.utf8)) == .notJSON)
    }

    @Test(arguments: ["1", "null", "[]", "{}", #""text""#, #"{"entry":{}}"#, #"{"object":"page"}"#])
    func `refuses JSON that is no webhook`(_ text: String) {
        #expect(failure(Array(text.utf8)) == .notAWebhook)
    }

    @Test func `keeps a webhook of another product as unreadable`() throws {
        let updates = try Sample.decode(#"{"object":"page","entry":[]}"#)
        #expect(updates.first?.raw == #"{"object":"page","entry":[]}"#)
    }

    @Test func `replaces bytes that are no UTF-8`() throws {
        var body = Array(Sample.body(#""messages":[\#(Sample.text("a?b"))]"#).utf8)
        let place = try #require(body.firstIndex(of: UInt8(ascii: "?")))
        body[place] = 0xFF
        guard case .message(let message)? = try WebhookDecoder().decode(body).first?.payload else { throw Unexpected() }
        #expect(message.content == .text("a\u{FFFD}b"))
    }

    @Test(arguments: ["-1", "1e400", "99999999999999999999", "253402300800", "true", #""x""#])
    func `does not believe impossible times`(_ time: String) throws {
        let updates = try Sample.decode(Sample.body(#""messages":[{"id":"w","timestamp":\#(time),"type":"text"}]"#))
        guard case .unreadable? = updates.first?.payload else { throw Unexpected() }
    }

    @Test func `takes the last of several members of one name`() throws {
        let message = try Sample.decodeMessage(
            #"{"id":"a","id":"b","timestamp":"1","type":"text","te\u0078t":{"body":"x"}}"#)
        #expect(message?.id == "b")
        #expect(message?.content == .text("x"))
    }

    @Test func `survives twenty thousand mutated bodies`() {
        let messages = messageKinds.enumerated().map { Sample.message($1.type, $1.members, id: "w\($0)") }
        let seeds = [
            Sample.body(#""messages":[\#(messages.joined(separator: ","))]"#),
            Sample.body(
                #"""
                "statuses":[{"id":"w","status":"failed","timestamp":"1","errors":[{"code":1}],\#
                "pricing":{"billable":true}}]
                """#
            ),
            Sample.account(
                "group_participants_update", #"{"groups":[{"type":"t","added_participants":[{"wa_id":"1"}]}]}"#),
            Sample.account("account_update", #"{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE"}}"#),
        ].map { Array($0.utf8) }
        var random = SeededGenerator(state: 20_261_121)
        var read = 0
        for round in 0..<20_000 {
            var body = seeds[round.isMultiple(of: 20) ? 0 : 1 + round % 3]
            for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&body, &random) }
            read += (try? WebhookDecoder().decode(body).map(\.dedupeKey.count).count) ?? 0
        }
        #expect(read > 0)
    }

    private func mutate(_ body: inout [UInt8], _ random: inout SeededGenerator) {
        guard !body.isEmpty else { return }
        let place = Int.random(in: 0..<body.count, using: &random)
        let marks = Array(#"{}[]",:\u0dnt-.e"#.utf8)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: body[place] = UInt8.random(in: 0...255, using: &random)
        case 1: body[place] = marks[Int.random(in: 0..<marks.count, using: &random)]
        case 2: body.remove(at: place)
        case 3: body.insert(marks[Int.random(in: 0..<marks.count, using: &random)], at: place)
        case 4: body.removeSubrange(place..<min(place + 20, body.count))
        default: body.insert(contentsOf: body[place..<min(place + 20, body.count)], at: place)
        }
    }
}

/// SplitMix64: the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
