import Testing

@testable import WhatsAppEmulator

/// A body and the code it must be refused with; `nil` means that it is accepted.
struct RuleCase: Sendable, CustomTestStringConvertible {
    let name: String
    let body: EmulatorJSON
    let code: Int?
    var testDescription: String { name }
}

@Suite struct MessageRulesTests {
    private static func code(_ body: EmulatorJSON) -> Int? {
        do throws(EmulatedError) {
            _ = try MessagesCall(body)
            return nil
        } catch {
            return error.code
        }
    }

    private static func text(_ length: Int) -> EmulatorJSON { .string(String(repeating: "x", count: length)) }

    static let frame: [RuleCase] = {
        let good = TestBot.message(["type": "text", "text": ["body": "x"]])
        return [
            RuleCase(name: "good", body: good, code: nil),
            RuleCase(name: "no product", body: good.without("messaging_product"), code: 100),
            RuleCase(name: "other product", body: good.with("messaging_product", "instagram"), code: 100),
            RuleCase(name: "nobody", body: good.without("to"), code: 100),
            RuleCase(name: "letters in to", body: good.with("to", "dana"), code: 100),
            RuleCase(name: "phone in recipient", body: good.without("to").with("recipient", "15550000101"), code: 100),
            RuleCase(name: "unknown recipient type", body: good.with("recipient_type", "crowd"), code: 100),
            RuleCase(name: "unknown type", body: good.with("type", "telepathy"), code: 100),
            RuleCase(name: "no payload", body: good.without("text"), code: 131008),
            RuleCase(name: "payload of no object", body: good.with("text", "x"), code: 100),
            RuleCase(name: "callback of 512", body: good.with("biz_opaque_callback_data", text(512)), code: nil),
            RuleCase(name: "callback of 513", body: good.with("biz_opaque_callback_data", text(513)), code: 100),
            RuleCase(name: "context without id", body: good.with("context", ["message_id": "x"]), code: 100),
            RuleCase(name: "array", body: [], code: 100),
        ]
    }()

    static let kinds: [RuleCase] = {
        func rule(_ name: String, _ kind: String, _ payload: EmulatorJSON, _ code: Int?) -> RuleCase {
            RuleCase(
                name: "\(kind): \(name)",
                body: TestBot.message(.object(["type": .string(kind), kind: payload])), code: code)
        }
        return [
            rule("4096", "text", ["body": text(4096)], nil), rule("4097", "text", ["body": text(4097)], 100),
            rule("empty", "text", ["body": ""], 100), rule("unknown key", "text", ["body": "x", "bold": true], 100),
            rule("id", "image", ["id": "1", "caption": text(1024)], nil),
            rule("id and link", "image", ["id": "1", "link": "https://example.com/a"], 100),
            rule("neither", "image", ["caption": "x"], 100),
            rule("long caption", "image", ["id": "1", "caption": text(1025)], 131009),
            rule("bad link", "video", ["link": "ftp://example.com/a"], 100),
            rule("caption", "audio", ["id": "1", "caption": "x"], 100),
            rule("voice", "audio", ["id": "1", "voice": true], nil),
            rule("filename", "document", ["link": "https://example.com/a.pdf", "filename": "a.pdf"], nil),
            rule("filename", "image", ["id": "1", "filename": "a.png"], 100),
            rule("good", "location", ["latitude": 1, "longitude": "2.5", "name": .null], nil),
            rule("out of range", "location", ["latitude": 91, "longitude": 0], 100),
            rule("no name", "contacts", [["phones": [["phone": "1"]]]], 131008),
            rule("only formatted", "contacts", [["name": ["formatted_name": "Dana"]]], 131009),
            rule("good", "contacts", [["name": ["formatted_name": "Dana", "first_name": "Dana"]]], nil),
            rule("emoji", "reaction", ["message_id": "wamid.X", "emoji": "👨‍👩‍👧"], nil),
            rule("removal", "reaction", ["message_id": "wamid.X", "emoji": ""], nil),
            rule("word", "reaction", ["message_id": "wamid.X", "emoji": "ok"], 131009),
            rule("no target", "reaction", ["emoji": "👍"], 131008),
            rule("days", "pin", ["type": "pin", "message_id": "wamid.X", "expiration_days": 31], 100),
            rule("no language", "template", ["name": "x"], 131008),
            rule(
                "bad component", "template", ["name": "x", "language": ["code": "en"], "components": [["type": "x"]]],
                132012),
        ]
    }()

    static let interactive: [RuleCase] = {
        func rule(_ name: String, _ type: String, _ action: EmulatorJSON, _ code: Int?, _ more: EmulatorJSON = [:])
            -> RuleCase
        {
            var payload: EmulatorJSON = ["type": .string(type), "body": ["text": "?"], "action": action]
            for member in more.members ?? [] { payload = payload.with(member.name, member.value) }
            return RuleCase(
                name: "\(type): \(name)", body: TestBot.message(["type": "interactive", "interactive": payload]),
                code: code)
        }
        func buttons(_ titles: EmulatorJSON...) -> EmulatorJSON {
            let list = titles.enumerated().map { index, title -> EmulatorJSON in
                ["type": "reply", "reply": ["id": .string("b\(index)"), "title": title]]
            }
            return ["buttons": .array(list)]
        }
        func rows(_ count: Int, sections: Int = 1, title: EmulatorJSON = "A") -> EmulatorJSON {
            let list = (0..<sections).map { section -> EmulatorJSON in
                let rows = (0..<count).map { row -> EmulatorJSON in
                    ["id": .string("\(section)-\(row)"), "title": "row"]
                }
                return ["title": title, "rows": .array(rows)]
            }
            return ["button": "Pick", "sections": .array(list)]
        }
        let link: EmulatorJSON = [
            "name": "cta_url", "parameters": ["display_text": "Go", "url": "https://example.com"],
        ]
        return [
            rule("3", "button", buttons("a", "b", "c"), nil), rule("4", "button", buttons("a", "b", "c", "d"), 131009),
            rule("none", "button", ["buttons": []], 131009), rule("title of 20", "button", buttons(text(20)), nil),
            rule("title of 21", "button", buttons(text(21)), 131009),
            rule("same titles", "button", buttons("a", "a"), 131009),
            rule("body of 1025", "button", buttons("a"), 131009, ["body": ["text": text(1025)]]),
            rule("no body", "button", buttons("a"), 131008, ["body": .null]),
            rule("header of 61", "button", buttons("a"), 131009, ["header": ["type": "text", "text": text(61)]]),
            rule("image header", "button", buttons("a"), nil, ["header": ["type": "image", "image": ["id": "1"]]]),
            rule("footer of 61", "button", buttons("a"), 131009, ["footer": ["text": text(61)]]),
            rule("10 rows", "list", rows(10), nil), rule("11 rows", "list", rows(11), 131009),
            rule("12 rows in 2 sections", "list", rows(6, sections: 2), 131009),
            rule("section without title", "list", rows(1, sections: 2, title: .null), 131008),
            rule("body of 4096", "list", rows(1), nil, ["body": ["text": text(4096)]]),
            rule("image header", "list", rows(1), 100, ["header": ["type": "image", "image": ["id": "1"]]]),
            rule("good", "cta_url", link, nil),
            rule(
                "label of 21", "cta_url",
                ["name": "cta_url", "parameters": ["display_text": text(21), "url": "https://e.com"]], 131009),
            rule("good", "location_request_message", ["name": "send_location"], nil),
            rule("wrong name", "location_request_message", ["name": "x"], 100),
            rule("documented name", "contact_request", ["name": "request_contact_info"], nil),
            rule("one card", "carousel", ["cards": [["action": link]]], 131009),
            rule("unknown", "hologram", [:], 100),
        ]
    }()

    @Test(arguments: frame) func `the frame`(rule: RuleCase) { #expect(Self.code(rule.body) == rule.code) }

    @Test(arguments: kinds) func `the kinds`(rule: RuleCase) { #expect(Self.code(rule.body) == rule.code) }

    @Test(arguments: interactive) func `interactive messages`(rule: RuleCase) {
        #expect(Self.code(rule.body) == rule.code)
    }

    @Test(arguments: [
        ("US.13491208655302741918", true), ("US.ENT.1181579921", true), ("us.1", false), ("US.", false),
        ("USA.1", false),
        ("US.a-b", false), ("15550000101", false), ("US.X.1", false),
    ])
    func `knows a business-scoped id`(id: String, isOne: Bool) {
        #expect(Identifiers.isBusinessScopedUser(id) == isOne)
    }
}
