import Foundation
import Testing

@testable import Providers

/// What `martlet webhook inspect` prints.
@Suite struct InspectionTests {
    private func lines(_ body: String) throws -> [String] {
        try WebhookInspection.lines(of: Array(body.utf8), file: "a.json")
    }

    @Test func `each update is a line, in order`() throws {
        let text = Payload.message(
            "text", #""text":{"body":"hi\nthere"},"context":{"id":"wamid.Q"}"#, from: .danaWithID, at: CloudRig.start)
        let image = Payload.message("image", #""image":{"id":"9","caption":"sea"}"#, id: "wamid.2", at: CloudRig.start)
        let poll = Payload.message("poll_creation", #""x":1"#, id: "wamid.3", at: CloudRig.start)
        let who = #""from":"15550000001""#
        let user = #""user_id":"US.13491208655302741918""#
        let start = #"{"account":"106540352242922","file":"a.json",\#(who),"id":"#
        #expect(
            try lines(Payload.messages(text, image, poll, from: .danaWithID)) == [
                start
                    + #"""
                    "wamid.IN1","kind":"text","reply_to":"wamid.Q","text":"hi\nthere","timestamp":1760000000,\#
                    \#(user)}
                    """#,
                start + #""wamid.2","kind":"image","media_id":"9","text":"sea","timestamp":1760000000,\#(user)}"#,
                start + #""wamid.3","kind":"unsupported","timestamp":1760000000,\#(user)}"#,
            ])
    }

    @Test func `statuses and account updates have their words`() throws {
        #expect(
            try lines(Payload.failure(131_047, row: 1)) == [
                #"{"account":"106540352242922","errors":[131047],"file":"a.json","id":"wamid.OUT1","kind":"status","#
                    + #""status":"failed","timestamp":1760000000}"#
            ])
        #expect(
            try lines(Payload.account("account_update", #"{"event":"ACCOUNT_VIOLATION"}"#)) == [
                #"{"account":"102290129340398","file":"a.json","kind":"account_update","status":"ACCOUNT_VIOLATION","#
                    + #""timestamp":1760000000}"#
            ])
    }

    @Test(arguments: ["{", "", "hello", "[]", #"{"object":"page"}"#])
    func `what is no webhook says why`(_ body: String) {
        #expect { try lines(body) } throws: { !(($0 as? WebhookInspection.Unreadable)?.reason ?? "").isEmpty }
    }

    @Test func `a piece that cannot be read is a line among the others`() throws {
        let broken =
            #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":7}]}]}"#
        let read = try lines(broken)
        #expect(read.count == 1 && read[0].contains(#""kind":"unreadable""#), "\(read)")
    }
}
