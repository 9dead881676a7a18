import Foundation
import Testing

@testable import WhatsAppCloud

@Suite struct StatusDecodingTests {
    @Test func `reads everything of a status`() throws {
        let status = try Sample.decodeStatus(
            #"""
            {"id":"wamid.S=","status":"delivered","timestamp":"1760000000","recipient_id":"15550000001",\#
            "recipient_user_id":"US.1","biz_opaque_callback_data":"row-7","conversation":{"id":"c",\#
            "expiration_timestamp":"1760086400","origin":{"type":"service"}},"pricing":{"billable":true,\#
            "pricing_model":"PMP","type":"regular","category":"<general_purpose_ai>"}}
            """#
        )
        #expect(status?.id == "wamid.S=")
        #expect(status?.status == .delivered)
        #expect(status?.recipientID == "15550000001")
        #expect(status?.recipientUserID == "US.1")
        #expect(status?.callbackData == "row-7")
        #expect(status?.pricing?.isBillable == true)
        #expect(status?.pricing?.category == "<general_purpose_ai>")
        #expect(status?.conversation?.origin == "service")
    }

    @Test(arguments: [
        ("sent", StatusUpdate.Status.sent), ("read", .read), ("played", .played), ("failed", .failed),
        ("warning", .other("warning")), ("deleted", .other("deleted")),
    ])
    func `reads known and unknown words`(_ word: String, _ status: StatusUpdate.Status) throws {
        let read = try Sample.decodeStatus(#"{"id":"w","status":"\#(word)","timestamp":1760000000}"#)
        #expect(read?.status == status)
        #expect(read?.recipientID == nil)
    }

    @Test func `reads the errors of a failed status, without a message too`() throws {
        let read = try Sample.decodeStatus(
            #"""
            {"id":"w","status":"failed","timestamp":"1","errors":[{"code":131047,"title":"Re-engagement message"},\#
            {"code":131026,"title":"t","message":"m","error_data":{"details":"d"},"href":"h"}]}
            """#
        )
        #expect(read?.errors.map(\.code) == [131_047, 131_026])
        #expect(read?.errors[0].message == nil)
        #expect(read?.errors[1].details == "d")
    }

    @Test func `reads the member that a group status is about`() throws {
        let read = try Sample.decodeStatus(
            #"""
            {"id":"w","status":"delivered","timestamp":"1","recipient_id":"G1","recipient_type":"group",\#
            "recipient_participant_id":"15550000001"}
            """#,
            contacts: [Sample.danaContact])
        #expect(read?.isGroup == true)
        #expect(read?.participantID == "15550000001")
        #expect(read?.contact?.name == "Dana")
    }
}
