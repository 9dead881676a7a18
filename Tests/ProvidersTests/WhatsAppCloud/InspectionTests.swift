import Foundation
import Testing

@testable import Providers

/// What `martlet webhook inspect` prints.
@Suite struct InspectionTests {
    private func lines(_ body: String) throws -> [[String: AnyHashable]] {
        try WebhookInspection.lines(of: Array(body.utf8), file: "a.json").map { line in
            #expect(!line.contains("\n"))
            return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: AnyHashable])
        }
    }

    @Test func `each update is a line, in order`() throws {
        let text = Payload.message(
            "text", #""text":{"body":"hi"},"context":{"id":"wamid.Q"}"#, from: .danaWithID, at: CloudRig.start)
        let image = Payload.message("image", #""image":{"id":"9","caption":"sea"}"#, id: "wamid.2", at: CloudRig.start)
        let poll = Payload.message("poll_creation", #""x":1"#, id: "wamid.3", at: CloudRig.start)
        let read = try lines(Payload.messages(text, image, poll, from: .danaWithID))
        #expect(
            read == [
                [
                    "file": "a.json", "account": Payload.number, "kind": "text", "id": "wamid.IN1",
                    "from": Payload.dana, "user_id": Payload.danaID, "timestamp": 1_760_000_000, "text": "hi",
                    "reply_to": "wamid.Q",
                ],
                [
                    "file": "a.json", "account": Payload.number, "kind": "image", "id": "wamid.2",
                    "from": Payload.dana, "user_id": Payload.danaID, "timestamp": 1_760_000_000, "text": "sea",
                    "media_id": "9",
                ],
                [
                    "file": "a.json", "account": Payload.number, "kind": "unsupported", "id": "wamid.3",
                    "from": Payload.dana, "user_id": Payload.danaID, "timestamp": 1_760_000_000,
                ],
            ])
    }

    @Test func `statuses and account updates have their words`() throws {
        let status = try #require(try lines(Payload.failure(131_047, row: 1)).first)
        #expect(status["kind"] as? String == "status" && status["status"] as? String == "failed")
        #expect(status["errors"] as? [Int] == [131_047])
        let violation = #"{"event":"ACCOUNT_VIOLATION"}"#
        let update = try #require(try lines(Payload.account("account_update", violation)).first)
        #expect(update["kind"] as? String == "account_update")
        #expect(update["status"] as? String == "ACCOUNT_VIOLATION")
        #expect(update["account"] as? String == Payload.business)
    }

    @Test func `what cannot be read says so`() throws {
        let line = try #require(try lines("{").first)
        #expect(line["kind"] as? String == "unreadable" && line["text"] != nil)
    }
}
