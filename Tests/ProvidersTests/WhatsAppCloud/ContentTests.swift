import BotKit
import Foundation
import Testing

@testable import Providers

/// Every kind of message in the bot's words.
@Suite struct ContentTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let type: String
        let members: String
        let content: InboundMessage.Content
        var testDescription: String { members }

        init(_ type: String, _ members: String, _ content: InboundMessage.Content) {
            (self.type, self.members, self.content) = (type, members, content)
        }
    }

    static let cases = [
        Case("text", #""text":{"body":"\u05e9\u05dc\u05d5\u05dd \ud83d\ude00"}"#, .text("שלום 😀")),
        Case(
            "image", #""image":{"id":"1","mime_type":"image\/JPEG; q=1","caption":"sea","sha256":"x"}"#,
            .media(Media(kind: .image, reference: "1", mimeType: "image/jpeg", caption: "sea"))),
        Case(
            "video", #""video":{"id":"2","mime_type":"video/mp4"}"#,
            .media(Media(kind: .video, reference: "2", mimeType: "video/mp4"))),
        Case(
            "document", #""document":{"id":"3","filename":"a.pdf","caption":"c"}"#,
            .media(
                Media(
                    kind: .document, reference: "3", mimeType: "application/octet-stream", caption: "c",
                    fileName: "a.pdf"))
        ),
        Case(
            "audio", #""audio":{"id":"4","mime_type":"audio/ogg; codecs=opus","voice":true}"#,
            .media(Media(kind: .voice, reference: "4", mimeType: "audio/ogg"))),
        Case(
            "audio", #""audio":{"id":"5","mime_type":"audio/mpeg"}"#,
            .media(Media(kind: .audio, reference: "5", mimeType: "audio/mpeg"))),
        Case(
            "sticker", #""sticker":{"id":"6","mime_type":"image/webp"}"#,
            .media(Media(kind: .sticker, reference: "6", mimeType: "image/webp"))),
        Case(
            "location", #""location":{"latitude":32.5,"longitude":34.5,"name":"Pier","address":"1 Sea St"}"#,
            .location(latitude: 32.5, longitude: 34.5, name: "Pier, 1 Sea St")),
        Case("location", #""location":{"latitude":1,"longitude":2}"#, .location(latitude: 1, longitude: 2, name: nil)),
        Case(
            "contacts", #""contacts":[{"name":{"formatted_name":"Omer"},"phones":[{"phone":"+1 555"}]},{"phones":[]}]"#,
            .contacts(["Omer, +1 555", ""])),
        Case("button", #""button":{"payload":"yes","text":"Yes"}"#, .choice(id: "yes", title: "Yes")),
        Case("button", #""button":{"text":"Yes"}"#, .text("Yes")),
        Case(
            "interactive", #""interactive":{"type":"button_reply","button_reply":{"id":"b","title":"One"}}"#,
            .choice(id: "b", title: "One")),
        Case(
            "interactive", #""interactive":{"type":"list_reply","list_reply":{"id":"r","title":"Row"}}"#,
            .choice(id: "r", title: "Row")),
        Case(
            "interactive", #""interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","response_json":"{}"}}"#,
            .unsupported(kind: "interactive")),
        Case("interactive", #""errors":[{"code":131051}]"#, .unsupported(kind: "interactive")),
        Case("order", #""order":{"catalog_id":"9","text":"now","product_items":[]}"#, .text("now")),
        Case("order", #""order":{"catalog_id":"9","product_items":[]}"#, .unsupported(kind: "order")),
        Case(
            "reaction", #""reaction":{"message_id":"wamid.R","emoji":"\ud83d\udc4d"}"#,
            .reaction(to: "wamid.R", emoji: "👍")),
        Case("reaction", #""reaction":{"message_id":"wamid.R","emoji":""}"#, .reaction(to: "wamid.R", emoji: nil)),
        Case(
            "edit", #""edit":{"original_message_id":"wamid.O","message":{"type":"text","text":{"body":"new"}}}"#,
            .edit(of: "wamid.O", text: "new")),
        Case("revoke", #""revoke":{"original_message_id":"wamid.O"}"#, .revoke(of: "wamid.O")),
        Case("unsupported", #""unsupported":{"type":"poll"}"#, .unsupported(kind: "poll")),
        Case("unsupported", #""errors":[{"code":131060}]"#, .unsupported(kind: "unsupported")),
        Case("unsupported", #""errors":[{"code":131052}]"#, .fileTooLarge),
        Case("image", #""errors":[{"code":131052}]"#, .fileTooLarge),
        Case(
            "image", #""image":{"id":"1"},"errors":[{"code":131052}]"#,
            .media(Media(kind: .image, reference: "1", mimeType: "application/octet-stream"))),
        Case("hologram", #""hologram":{"x":[1,2]}"#, .unsupported(kind: "hologram")),
        Case("Weird type!\\n", #""x":1"#, .unsupported(kind: "weirdtype")),
        Case("text", #""text":"broken""#, .unsupported(kind: "text")),
    ]

    @Test func `every kind has its content`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            for (index, one) in Self.cases.enumerated() {
                let message = Payload.message(one.type, one.members, id: "wamid.\(index)", at: rig.time.now)
                #expect(try await rig.deliver(Payload.messages(message, from: .dana)).status == 200)
                #expect(rig.inbox.new.last?.id.rawValue == "wamid.\(index)", "\(one.members)")
                #expect(rig.inbox.new.last?.content == one.content, "\(one.members)")
            }
            // What could not be read is kept beside.
            #expect(try await rig.count("cloud_update WHERE kind = 'kept' AND raw LIKE '%hologram%'") == 1)
        }
    }

    @Test func `sender, chat, times and quote are taken over`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let message = Payload.message(
                "text", #""text":{"body":"a"},"context":{"from":"15550009999","id":"wamid.Q"}"#,
                at: rig.time.now.addingTimeInterval(-5))
            try await rig.deliver(Payload.messages(message, from: .dana))
            let inbound = try #require(rig.inbox.new.first)
            #expect(inbound.sender.name == "Dana")
            #expect(inbound.sender.phone?.digits == Payload.dana)
            #expect(inbound.chat.account.rawValue == "cloud:\(Payload.number)")
            #expect("cloud/\(inbound.chat.name)" == inbound.sender.id.rawValue)
            #expect(inbound.sentAt == rig.time.now.addingTimeInterval(-5))
            #expect(inbound.receivedAt == rig.time.now)
            #expect(inbound.quotes == "wamid.Q")
            #expect(!inbound.isGroup && !inbound.mentionsBot)
        }
    }

    @Test func `a group message has the group's chat, the participant's member, and mentions`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            for (id, text) in [
                ("wamid.1", "hello @15550009999 there"), ("wamid.2", "hello"), ("wamid.3", "@155500099991, lunch?"),
            ] {
                let message = Payload.message(
                    "text", #""group_id":"Z3JvdXA=","text":{"body":"\#(text)"}"#, id: id, at: rig.time.now)
                try await rig.deliver(Payload.messages(message, from: .dana))
            }
            #expect(rig.inbox.new.allSatisfy { $0.isGroup && $0.chat.name == "gZ3JvdXA=" })
            // A longer number is somebody else's.
            #expect(rig.inbox.new.map(\.mentionsBot) == [true, false, false])
        }
    }

    @Test(arguments: [
        ("@15550009999 !help", "!help"), ("hello @15550009999 there", "hello there"), ("@+15550009999, hi", ", hi"),
        ("@15550009999 ask @15550000002", "ask @15550000002"), ("@155500099991, lunch?", "@155500099991, lunch?"),
        ("me@15550009999", "me@15550009999"),
    ])
    func `the mention of us is taken out of what was said in a group`(_ text: String, _ said: String) async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            for (id, type, members) in [
                ("wamid.1", "text", #""text":{"body":"\#(text)"}"#),
                ("wamid.2", "image", #""image":{"id":"55","mime_type":"image/jpeg","caption":"\#(text)"}"#),
            ] {
                let message = Payload.message(type, #""group_id":"Z3JvdXA=",\#(members)"#, id: id, at: rig.time.now)
                try await rig.deliver(Payload.messages(message, from: .dana))
            }
            #expect(rig.inbox.new.map(\.text) == [said, said])
            #expect(rig.inbox.new.allSatisfy { $0.mentionsBot == (text != said) })
        }
    }

    @Test func `notices and first contacts are no messages`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            for (index, type) in ["system", "request_welcome"].enumerated() {
                let members = type == "system" ? #""system":{"type":"customer_identity_changed","body":"b"}"# : ""
                let message = Payload.message(type, members, id: "wamid.\(index)", at: rig.time.now)
                #expect(try await rig.deliver(Payload.messages(message, from: .dana)).status == 200)
            }
            #expect(rig.inbox.new.isEmpty)
            #expect(try await rig.count("cloud_update") == 2)
        }
    }
}
