import Foundation
import Testing

@testable import WhatsAppCloud

@Suite struct SendTests {
    private func body(
        _ message: OutgoingMessage, to recipient: Recipient = .number("15550000001"), callbackData: String? = nil,
        replyTo: WhatsAppMessageID? = nil
    ) throws -> String {
        let frame = try message.frame(to: recipient, callbackData: callbackData, replyTo: replyTo)
        return String(decoding: frame.encoded(), as: UTF8.self)
    }

    private func payload(_ message: OutgoingMessage) throws -> String {
        let frame = #"{"messaging_product":"whatsapp","recipient_type":"individual","to":"+15550000001","type":"#
        let body = try body(message)
        #expect(body.hasPrefix(frame))
        return String(body.dropFirst(frame.count).dropLast())
    }

    @Test func `sends a text with token, version and frame, and reads the receipt`() async throws {
        try await withGraph { _, _ in
            .sent
        } test: { graph, server async throws in
            let receipt = try await graph.send(
                .text("Hi \"D\"\n😀"), to: .number("+15550000001"), callbackData: "row-7", replyTo: "wamid.Q=")
            let request = try #require(server.requests.first)
            #expect(request.method == "POST")
            #expect(request.uri == "/v26.0/106540352242922/messages")
            #expect(request.headers["authorization"] == "Bearer EAAtesttoken")
            #expect(request.headers["content-type"] == "application/json")
            #expect(request.headers["content-length"] == String(request.body.count))
            #expect(
                request.text
                    == #"""
                    {"messaging_product":"whatsapp","recipient_type":"individual","to":"+15550000001","type":"text",\#
                    "text":{"body":"Hi \"D\"\n😀","preview_url":false},"context":{"message_id":"wamid.Q="},\#
                    "biz_opaque_callback_data":"row-7"}
                    """#
            )
            #expect(receipt.messageID == "wamid.OUT=" && receipt.status == .accepted)
            #expect(receipt.number == "15550000001" && receipt.userID == "US.1")
        }
    }

    @Test(arguments: [
        (#","message_status":"held_for_quality_assessment""#, SendReceipt.Status.held),
        (#","message_status":"paused""#, .paused), (#","message_status":"else""#, .other("else")),
        (#","group_id":"Y2FwaQ==""#, .accepted),
    ])
    func `reads what Meta does with a message`(_ more: String, _ status: SendReceipt.Status) async throws {
        try await withGraph { _, _ in
            .json(#"{"messages":[{"id":"wamid.OUT="\#(more)}]}"#)
        } test: { graph, _ async throws in
            let receipt = try await graph.send(.text("x"), to: .number("+15550000001"))
            #expect(receipt.status == status && receipt.number == nil && receipt.userID == nil)
            #expect(receipt.groupID == (more.contains("group_id") ? "Y2FwaQ==" : nil))
        }
    }

    @Test func `puts a user id into recipient and never into to`() throws {
        let body = try body(.text("x"), to: .user("US.13491208655302741918"))
        #expect(body.contains(#""recipient":"US.13491208655302741918""#))
        #expect(!body.contains(#""to""#))
        #expect(throws: LimitViolation.self) { try self.body(.text("x"), to: .number("US.13491208655302741918")) }
        #expect(throws: LimitViolation.self) { try self.body(.text("x"), to: .user("15550000001")) }
    }

    @Test func `names groups as groups`() throws {
        let body = try body(.text("x"), to: .group("Y2FwaQ=="))
        #expect(body.contains(#""recipient_type":"group","to":"Y2FwaQ==""#))
        #expect(
            try self.body(.pin("wamid.P=", days: 7), to: .group("G")).contains(
                #""pin":{"type":"pin","message_id":"wamid.P=","expiration_days":7}"#))
    }

    @Test(arguments: [
        (OutgoingMessage.image(.id("7"), caption: "sea"), #""image","image":{"id":"7","caption":"sea"}"#),
        (.video(.link("https://e.example/v.mp4")), #""video","video":{"link":"https://e.example/v.mp4"}"#),
        (
            .document(.id("7"), filename: "a.pdf", caption: "c"),
            #""document","document":{"id":"7","caption":"c","filename":"a.pdf"}"#
        ),
        (.audio(.id("7"), isVoice: true), #""audio","audio":{"id":"7","voice":true}"#),
        (.audio(.id("7")), #""audio","audio":{"id":"7"}"#),
        (.sticker(.id("7")), #""sticker","sticker":{"id":"7"}"#),
        (
            .location(.init(latitude: 32.08, longitude: 34.78, name: "Pier")),
            #""location","location":{"latitude":32.08,"longitude":34.78,"name":"Pier"}"#
        ),
        (.reaction(to: "wamid.R=", emoji: "👍"), #""reaction","reaction":{"message_id":"wamid.R=","emoji":"👍"}"#),
        (.reaction(to: "wamid.R=", emoji: nil), #""reaction","reaction":{"message_id":"wamid.R=","emoji":""}"#),
        (
            .contacts([
                ContactCard(formattedName: "Omer", phones: [.init("+1 555", type: "CELL", number: "15550000002")])
            ]),
            #"""
            "contacts","contacts":[{"name":{"formatted_name":"Omer","first_name":"Omer"},\#
            "phones":[{"phone":"+1 555","type":"CELL","wa_id":"15550000002"}]}]
            """#
        ),
    ])
    func `writes plain kinds`(_ message: OutgoingMessage, _ expected: String) throws {
        #expect(try payload(message) == expected)
    }

    @Test(arguments: [
        (
            InteractiveMessage(
                header: .text("H"), body: "B", footer: "F", action: .buttons([.init(id: "1", title: "One")])),
            #"""
            {"type":"button","header":{"type":"text","text":"H"},"body":{"text":"B"},"footer":{"text":"F"},\#
            "action":{"buttons":[{"type":"reply","reply":{"id":"1","title":"One"}}]}}
            """#
        ),
        (
            InteractiveMessage(
                body: "B",
                action: .list(button: "Go", [.init(rows: [.init(id: "1", title: "One", description: "d")])])),
            #"""
            {"type":"list","body":{"text":"B"},"action":{"button":"Go","sections":[{"rows":[{"id":"1","title":"One",\#
            "description":"d"}]}]}}
            """#
        ),
        (
            InteractiveMessage(body: "B", action: .link(label: "Open", url: "https://e.example")),
            #"""
            {"type":"cta_url","body":{"text":"B"},"action":{"name":"cta_url","parameters":{"display_text":"Open",\#
            "url":"https://e.example"}}}
            """#
        ),
        (
            InteractiveMessage(body: "B", action: .locationRequest),
            #"{"type":"location_request_message","body":{"text":"B"},"action":{"name":"send_location"}}"#
        ),
        (
            InteractiveMessage(body: "B", action: .contactRequest),
            #"{"type":"contact_request","body":{"text":"B"},"action":{"name":"request_contact_info"}}"#
        ),
        (
            InteractiveMessage(
                body: "B",
                action: .flow(.init(form: .id("9"), label: "Fill", token: "t", screen: "S", data: #"{"a":1}"#))),
            #"""
            {"type":"flow","body":{"text":"B"},"action":{"name":"flow","parameters":{"mode":"published",\#
            "flow_message_version":"3","flow_token":"t","flow_id":"9","flow_cta":"Fill","flow_action":"navigate",\#
            "flow_action_payload":{"screen":"S","data":{"a":1}}}}}
            """#
        ),
        (
            InteractiveMessage(
                body: "B",
                action: .carousel(
                    (0...1).map {
                        CarouselCard(
                            header: .image(.link("https://e.example/\($0)")), body: "c",
                            action: .link(label: "Go", url: "https://e.example"))
                    })),
            #"""
            {"type":"carousel","body":{"text":"B"},"action":{"cards":[{"card_index":0,"type":"cta_url",\#
            "header":{"type":"image","image":{"link":"https://e.example/0"}},"body":{"text":"c"},\#
            "action":{"name":"cta_url","parameters":{"display_text":"Go","url":"https://e.example"}}},\#
            {"card_index":1,"type":"cta_url","header":{"type":"image","image":{"link":"https://e.example/1"}},\#
            "body":{"text":"c"},"action":{"name":"cta_url","parameters":{"display_text":"Go",\#
            "url":"https://e.example"}}}]}}
            """#
        ),
        (
            InteractiveMessage(body: "", action: .product(catalogID: "9", productID: "sku")),
            #"{"type":"product","action":{"catalog_id":"9","product_retailer_id":"sku"}}"#
        ),
    ])
    func `writes interactive kinds`(_ message: InteractiveMessage, _ expected: String) throws {
        #expect(try payload(.interactive(message)) == #""interactive","interactive":"# + expected)
    }

    @Test func `writes a template with all its blanks`() throws {
        let template = TemplateMessage(
            name: "order_ready", language: "en_US",
            components: [
                .header(.image(.id("7"))),
                .body([
                    .text("Dana"), .text("7", name: "count"), .currency(code: "USD", amount: 7500, fallback: "$7.50"),
                    .dateTime("today"),
                ]),
                .button(index: 0, kind: .quickReply, .payload("p")), .button(index: 1, kind: .url, .text("x")),
                .button(index: 2, kind: .flow, .action(#"{"flow_token":"t"}"#)),
            ])
        #expect(
            try payload(.template(template))
                == #"""
                "template","template":{"name":"order_ready","language":{"code":"en_US"},\#
                "components":[{"type":"header","parameters":[{"type":"image","image":{"id":"7"}}]},{"type":"body",\#
                "parameters":[{"type":"text","text":"Dana"},{"type":"text","parameter_name":"count","text":"7"},\#
                {"type":"currency","currency":{"fallback_value":"$7.50","code":"USD","amount_1000":7500}},\#
                {"type":"date_time","date_time":{"fallback_value":"today"}}]},{"type":"button",\#
                "sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"p"}]},\#
                {"type":"button","sub_type":"url","index":"1","parameters":[{"type":"text","text":"x"}]},\#
                {"type":"button","sub_type":"flow","index":"2","parameters":[{"type":"action",\#
                "action":{"flow_token":"t"}}]}]}
                """#
        )
    }

    @Test func `marks as read, with and without typing`() async throws {
        try await withGraph { _, _ in
            .json(#"{"success":true}"#)
        } test: { graph, server async throws in
            try await graph.markRead("wamid.R=")
            try await graph.markRead("wamid.R=", typing: true)
            #expect(
                server.requests.map(\.text) == [
                    #"{"messaging_product":"whatsapp","status":"read","message_id":"wamid.R="}"#,
                    #"""
                    {"messaging_product":"whatsapp","status":"read","message_id":"wamid.R=",\#
                    "typing_indicator":{"type":"text"}}
                    """#,
                ])
        }
    }
}
