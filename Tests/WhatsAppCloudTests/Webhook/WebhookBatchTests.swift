import Foundation
import Testing

@testable import WhatsAppCloud

@Suite struct WebhookBatchTests {
    @Test func `reads all entries, changes, messages and statuses`() throws {
        let one = Sample.change(#""messages":[\#(Sample.text("a", id: "1")),\#(Sample.text("b", id: "2"))]"#)
        let two = Sample.change(
            #""statuses":[{"id":"3","status":"sent","timestamp":"1"},{"id":"4","status":"read","timestamp":"1"}]"#)
        let entries = [#"{"id":"A","changes":[\#(one),\#(two)]}"#, #"{"id":"B","changes":[\#(one)]}"#]
        let body = #"{"object":"whatsapp_business_account","entry":[\#(entries.joined(separator: ","))]}"#
        let updates = try Sample.decode(body)
        #expect(updates.count == 6)
        #expect(updates.map(\.businessAccountID?.rawValue) == ["A", "A", "A", "A", "B", "B"])
    }

    @Test func `reads a batch of a thousand, each with its own contact`() throws {
        let numbers = (0..<1000).map { String(15_550_000_000 + $0) }
        let messages = numbers.map {
            #"{"from":"\#($0)","id":"w\#($0)","timestamp":"1","type":"text","text":{"body":"x"}}"#
        }
        let contacts = numbers.reversed().map { #"{"profile":{"name":"n\#($0)"},"wa_id":"\#($0)"}"# }
        let body = Sample.body(#""messages":[\#(messages.joined(separator: ","))]"#, contacts: contacts)
        let updates = try Sample.decode(body)
        #expect(updates.count == 1000)
        #expect(Set(updates.map(\.dedupeKey)).count == 1000)
        for update in updates {
            guard case .message(let message) = update.payload else { throw Unexpected() }
            #expect(message.contact?.name == "n\(message.from?.rawValue ?? "")")
        }
    }

    @Test func `does not lose a batch to one broken piece`() throws {
        let broken = [
            #"{"from":"1","type":"text"}"#, "7", "null", #"{"id":"x","timestamp":"soon","type":"text"}"#, "[]",
        ]
        let messages = ([Sample.text("a", id: "1")] + broken + [Sample.text("b", id: "2")]).joined(separator: ",")
        let updates = try Sample.decode(Sample.body(#""messages":[\#(messages)]"#))
        #expect(updates.count == 7)
        let unreadable = updates.filter { if case .unreadable = $0.payload { true } else { false } }
        #expect(unreadable.map(\.raw) == broken)
    }

    @Test func `does not lose other changes to a broken one`() throws {
        let changes = [
            #"{"field":"messages"}"#, #"{"value":{}}"#, "3", Sample.change(#""messages":[\#(Sample.text("a"))]"#),
        ]
        let body =
            #"""
            {"object":"whatsapp_business_account","entry":[1,{"id":"A"},{"id":"B",\#
            "changes":[\#(changes.joined(separator: ","))]}]}
            """#
        let updates = try Sample.decode(body)
        #expect(updates.count == 6)
        #expect(updates.last?.raw == Sample.text("a"))
    }

    @Test func `reads errors that stand alone`() throws {
        let updates = try Sample.decode(
            Sample.body(#""errors":[{"code":130429,"title":"Rate limit hit"}]"#, contacts: []))
        guard case .errors(let errors)? = updates.first?.payload else { throw Unexpected() }
        #expect(errors.map(\.code) == [130_429])
    }

    @Test func `reads one bare change, as the dashboard's test button posts it`() throws {
        let updates = try Sample.decode(Sample.change(#""messages":[\#(Sample.text("a"))]"#))
        #expect(updates.count == 1)
    }

    @Test func `takes the time of the entry for a message without one`() throws {
        let change = Sample.change(#""messages":[{"id":"w","from":"1","type":"request_welcome"}]"#)
        let body =
            #"{"object":"whatsapp_business_account","entry":[{"id":"A","time":1760000000,"changes":[\#(change)]}]}"#
        guard case .message(let message)? = try Sample.decode(body).first?.payload else { throw Unexpected() }
        #expect(message.timestamp == Date(timeIntervalSince1970: 1_760_000_000))
    }

    @Test func `keeps our own messages of a phone apart from input`() throws {
        let echo =
            #"{"from":"15550000000","to":"15550000001","id":"w","timestamp":"1","type":"text","text":{"body":"x"}}"#
        let updates = try Sample.decode(
            Sample.body(#""message_echoes":[\#(echo)]"#, contacts: [], field: "smb_message_echoes"))
        guard case .echo(let read)? = updates.first?.payload else { throw Unexpected() }
        #expect(read.to == "15550000001" && read.message.content == .text("x"))
    }

    @Test func `gives every delivery of one update the same key, and different updates different ones`() throws {
        let status =
            #"""
            {"id":"w","status":"sent","timestamp":"1","recipient_id":"G","recipient_type":"group",\#
            "recipient_participant_id":"%"}
            """#
        let bodies = [
            Sample.body(#""messages":[\#(Sample.text("a", id: "w"))]"#),
            Sample.body(#""statuses":[\#(status)]"#),
            Sample.body(#""statuses":[\#(status.replacing("%", with: "15550000001"))]"#),
            Sample.body(#""statuses":[\#(status.replacing("sent", with: "read"))]"#),
            Sample.account("account_update", #"{"event":"ACCOUNT_DELETED"}"#),
            Sample.account("account_alerts", #"{"event":"ACCOUNT_DELETED"}"#),
            Sample.account("account_update", #"{"event":"ACCOUNT_DELETED" }"#),
        ]
        let keys = try bodies.flatMap { try Sample.decode($0).map(\.dedupeKey) }
        #expect(Set(keys).count == bodies.count)
        #expect(try bodies.flatMap { try Sample.decode($0).map(\.dedupeKey) } == keys)
        #expect(keys[0] == "message|106540352242922|w")
    }
}
