import Foundation
import Testing

@testable import WhatsAppCloud

@Suite struct MessageDecodingTests {
    private func content(_ place: Int) throws -> IncomingContent? {
        let kind = messageKinds[place]
        return try Sample.decodeMessage(Sample.message(kind.type, kind.members))?.content
    }

    @Test func `reads sender, time, number and contact of a text`() throws {
        let update = try #require(try Sample.decode(Sample.body(#""messages":[\#(Sample.text("Hi"))]"#)).first)
        guard case .message(let message) = update.payload else { throw Unexpected() }
        #expect(update.businessAccountID == "102290129340398")
        #expect(update.phoneNumberID == "106540352242922")
        #expect(update.displayPhoneNumber == "15550000000")
        #expect(update.field == "messages")
        #expect(update.raw == Sample.text("Hi"))
        #expect(message.id == "wamid.HBgLA=")
        #expect(message.from == "15550000001")
        #expect(message.userID == "US.13491208655302741918")
        #expect(message.timestamp == Date(timeIntervalSince1970: 1_760_000_000))
        #expect(message.content == .text("Hi"))
        #expect(message.contact?.name == "Dana")
        #expect(message.contact?.username == "dana.k")
    }

    @Test func `resolves escapes, also pairs and halves of pairs`() throws {
        let escaped = #"\u05e9\u05dc\u05d5\u05dd \ud83d\ude00 https:\/\/e.example \ud83d! \"q\" \\ \t"#
        let message = try Sample.decodeMessage(Sample.text(escaped))
        #expect(message?.content == .text("שלום 😀 https://e.example \u{FFFD}! \"q\" \\ \t"))
    }

    @Test func `reads every kind of file`() throws {
        guard case .image(let image) = try content(1), case .video(let video) = try content(2),
            case .document(let document) = try content(3), case .audio(let audio) = try content(4),
            case .audio(let old) = try content(5), case .sticker(let sticker) = try content(6)
        else { throw Unexpected() }
        #expect(image.id == "1" && image.caption == "sea" && image.mimeType == "image/jpeg")
        #expect(image.url == "https://lookaside.fbsbx.com/a" && image.sha256 == "n0s=")
        #expect(video.id == "2" && video.caption == nil)
        #expect(document.filename == "a.pdf")
        #expect(audio.isVoice && old.isVoice)
        #expect(sticker.isAnimated && sticker.sha256 == nil)
    }

    @Test func `reads places and contact cards`() throws {
        guard case .location(let place) = try content(7), case .contacts(let cards) = try content(8) else {
            throw Unexpected()
        }
        #expect(place.latitude == 32.08 && place.longitude == 34.78 && place.name == "Pier")
        #expect(cards.count == 2)
        #expect(cards[0].formattedName == "Omer" && cards[0].phones[0].number == "15550000002")
        #expect(cards[0].emails[0].value == "o@e.example" && cards[0].company == "E")
        #expect(cards[0].addresses[0].value == "1 Sea St, Haifa" && cards[0].origin == "contact_request")
        #expect(cards[1].formattedName == nil)
    }

    @Test func `reads answers to buttons, lists, forms and call requests`() throws {
        guard case .buttonReply(let button) = try content(9) else { throw Unexpected() }
        #expect(button.payload == "yes" && button.text == "Yes")
        #expect(try content(10) == .interactive(.button(id: "b1", title: "One")))
        #expect(try content(11) == .interactive(.list(id: "r1", title: "Row", description: "d")))
        guard case .interactive(.flow(let flow)) = try content(12),
            case .interactive(.callPermission(let permission)) = try content(13)
        else { throw Unexpected() }
        #expect(flow.responseJSON == #"{"a":1}"# && flow.body == "Sent")
        #expect(permission.isAccepted && permission.expiresAt == Date(timeIntervalSince1970: 1_760_003_600))
    }

    @Test func `keeps the errors of an interactive message that lost its content`() throws {
        let message = try Sample.decodeMessage(Sample.message("interactive", messageKinds[14].members))
        #expect(message?.content == .interactive(.unknown(type: nil, raw: nil)))
        #expect(message?.errors.first?.code == 131_051)
    }

    @Test func `reads orders, reactions, edits and revokes`() throws {
        guard case .order(let order) = try content(15), case .reaction(let reaction) = try content(16) else {
            throw Unexpected()
        }
        #expect(order.items == [.init(productID: "sku", quantity: 2, price: 7.5, currency: "USD")])
        #expect(reaction.messageID == "wamid.R=" && reaction.emoji == "👍")
        #expect(try content(18) == .edit(of: "wamid.O=", .text("new")))
        #expect(try content(19) == .revoke(of: "wamid.O="))
    }

    @Test(arguments: [#"{"message_id":"wamid.R=","emoji":""}"#, #"{"message_id":"wamid.R="}"#])
    func `reads the removal of a reaction in both forms`(_ reaction: String) throws {
        let message = try Sample.decodeMessage(Sample.message("reaction", #""reaction":\#(reaction)"#))
        guard case .reaction(let read)? = message?.content else { throw Unexpected() }
        #expect(read.emoji == nil)
    }

    @Test func `reads number, id and identity changes of all API versions`() throws {
        let forms: [(String, SystemNotice.Kind)] = [
            (
                #""system":{"type":"user_changed_number","body":"b","wa_id":"15550000003","user_id":"US.N3"}"#,
                .numberChanged
            ),
            (
                #""system":{"type":"customer_changed_number","customer":"15550000001","new_wa_id":"15550000003"}"#,
                .numberChanged
            ),
            (#""system":{"type":"user_changed_user_id","user_id":"US.N3"}"#, .userIDChanged),
            (
                #"""
                "system":{"type":"customer_identity_changed","identity":"h"},"identity":{"hash":"h",\#
                "acknowledged":false}
                """#,
                .identityChanged
            ),
            (#""system":{"type":"something_new"}"#, .other("something_new")),
        ]
        for (members, kind) in forms {
            let message = try Sample.decodeMessage(Sample.message("system", members), contacts: [])
            guard case .system(let notice)? = message?.content else { throw Unexpected() }
            #expect(notice.kind == kind)
            if kind == .numberChanged { #expect(notice.newNumber == "15550000003") }
            if kind == .userIDChanged { #expect(notice.newUserID == "US.N3") }
            if kind == .identityChanged {
                #expect(notice.identityHash == "h" && notice.isIdentityAcknowledged == false)
            }
        }
    }

    @Test func `keeps what is unsupported, unknown or broken, each with its raw text`() throws {
        #expect(try content(20) == .unsupported(kind: "poll"))
        #expect(try content(21) == .requestWelcome)
        let hologram = Sample.message("hologram", messageKinds[22].members)
        #expect(try Sample.decodeMessage(hologram)?.content == .unknown(type: "hologram", raw: hologram))
        let broken = Sample.message("image", #""image":{"caption":"no id"}"#)
        #expect(try Sample.decodeMessage(broken)?.content == .unknown(type: "image", raw: broken))
        let nested = Sample.message("edit", #""edit":{"original_message_id":"o","message":{"type":"edit"}}"#)
        #expect(try Sample.decodeMessage(nested)?.content == .unknown(type: "edit", raw: nested))
    }

    @Test func `reads replies, forwards, products and advertisements`() throws {
        let reply = try Sample.decodeMessage(
            Sample.message("text", #""text":{"body":"x"},"context":{"from":"15550000000","id":"wamid.Q="}"#))
        #expect(reply?.context?.messageID == "wamid.Q=" && reply?.context?.isForwarded == false)
        let forward = try Sample.decodeMessage(
            Sample.message("text", #""text":{"body":"x"},"context":{"frequently_forwarded":true}"#))
        #expect(forward?.context?.isFrequentlyForwarded == true && forward?.context?.messageID == nil)
        let product = try Sample.decodeMessage(
            Sample.message(
                "text",
                #""text":{"body":"x"},"context":{"referred_product":{"catalog_id":"9","product_retailer_id":"sku"}}"#))
        #expect(product?.context?.product?.retailerID == "sku")
        let referral =
            #"""
            "referral":{"source_url":"https://e.example","source_id":"7","source_type":"ad","headline":"h",\#
            "body":"b","media_type":"image","image_url":"i","ctwa_clid":"c","welcome_message":{"text":"Hi"}}
            """#
        let ad = try Sample.decodeMessage(Sample.message("text", #""text":{"body":"x"},\#(referral)"#))?.referral
        #expect(ad?.sourceID == "7" && ad?.clickID == "c" && ad?.welcomeMessage == "Hi")
    }

    @Test func `takes a message of a user without a number, in a group too`() throws {
        let contact = #"{"profile":{"username":"omer"},"user_id":"IL.Abc","wa_id":""}"#
        let message = try Sample.decodeMessage(
            #"""
            {"from":"","from_user_id":"IL.Abc","from_parent_user_id":"IL.ENT.P","group_id":"G1","id":"w",\#
            "timestamp":1760000000,"type":"text","text":{"body":"x"}}
            """#,
            contacts: [Sample.danaContact, contact])
        #expect(message?.from == nil)
        #expect(message?.userID == "IL.Abc")
        #expect(message?.parentUserID == "IL.ENT.P")
        #expect(message?.groupID == "G1")
        #expect(message?.contact?.username == "omer")
    }

    @Test func `matches contacts by id and never by place`() throws {
        let omer = #"{"profile":{"name":"Omer"},"wa_id":"15550000002"}"#
        for contacts in [[omer, Sample.danaContact], [omer, omer, Sample.danaContact], [omer]] {
            let message = try Sample.decodeMessage(Sample.text("x"), contacts: contacts)
            #expect(message?.contact?.name == (contacts.count == 1 ? nil : "Dana"))
        }
    }

    @Test func `believes the only contact only if the message names nobody`() throws {
        let nameless = #"{"id":"w","timestamp":"1760000000","type":"text","text":{"body":"x"}}"#
        #expect(try Sample.decodeMessage(nameless)?.from == "15550000001")
    }
}

/// A sample was read as another kind than expected.
struct Unexpected: Error {}
