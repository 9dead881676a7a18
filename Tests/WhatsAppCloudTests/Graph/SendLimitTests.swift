import Foundation
import Testing

@testable import WhatsAppCloud

private func letters(_ count: Int) -> String { String(repeating: "x", count: count) }

@Suite struct SendLimitTests {
    private static let row = ListSection.Row(id: "1", title: "t")

    private static func interactive(
        _ action: InteractiveAction, header: InteractiveMessage.Header? = nil, footer: String? = nil
    ) -> OutgoingMessage {
        .interactive(InteractiveMessage(header: header, body: "B", footer: footer, action: action))
    }

    private static func rows(_ count: Int) -> [ListSection.Row] { (0..<count).map { .init(id: "\($0)", title: "t") } }

    private static let card = CarouselCard(
        header: .image(.id("7")), action: .link(label: "Go", url: "https://e.example"))

    static let broken: [(OutgoingMessage, String)] = [
        (.text(""), "text.body"),
        (.text(letters(4097)), "text.body"),
        (.image(.id("7"), caption: letters(1025)), "image.caption"),
        (.image(.id("")), "image.id"),
        (.video(.link("ftp://e.example")), "video.link"),
        (.location(.init(latitude: 91, longitude: 0)), "location.latitude"),
        (.location(.init(latitude: 0, longitude: .nan)), "location.longitude"),
        (.contacts([]), "contacts"),
        (interactive(.buttons([])), "interactive.action.buttons"),
        (interactive(.buttons((1...4).map { .init(id: "\($0)", title: "\($0)") })), "interactive.action.buttons"),
        (interactive(.buttons([.init(id: "1", title: letters(21))])), "interactive.action.buttons[0].reply.title"),
        (interactive(.buttons([.init(id: letters(257), title: "t")])), "interactive.action.buttons[0].reply.id"),
        (
            interactive(.buttons([.init(id: "1", title: "t"), .init(id: "2", title: "t")])),
            "interactive.action.buttons titles"
        ),
        (interactive(.buttons([.init(id: "1", title: "t")]), header: .text(letters(61))), "interactive.header.text"),
        (interactive(.buttons([.init(id: "1", title: "t")]), footer: letters(61)), "interactive.footer"),
        (.interactive(.init(body: letters(1025), action: .locationRequest)), "interactive.body"),
        (
            .interactive(.init(body: letters(4097), action: .list(button: "b", [.init(rows: [row])]))),
            "interactive.body"
        ),
        (interactive(.list(button: letters(21), [.init(rows: [row])])), "interactive.action.button"),
        (interactive(.list(button: "b", [])), "interactive.action.sections"),
        (interactive(.list(button: "b", [.init(rows: rows(11))])), "interactive.action.sections rows"),
        (
            interactive(.list(button: "b", [.init(title: "a", rows: rows(6)), .init(title: "b", rows: rows(6))])),
            "interactive.action.sections rows"
        ),
        (
            interactive(
                .list(button: "b", [.init(rows: [row]), .init(title: "b", rows: [.init(id: "2", title: "t")])])),
            "interactive.action.sections[0].title"
        ),
        (
            interactive(.list(button: "b", [.init(title: letters(25), rows: [row])])),
            "interactive.action.sections[0].title"
        ),
        (
            interactive(.list(button: "b", [.init(rows: [.init(id: "1", title: letters(25))])])),
            "interactive.action.sections[0].rows[0].title"
        ),
        (
            interactive(.list(button: "b", [.init(rows: [.init(id: letters(201), title: "t")])])),
            "interactive.action.sections[0].rows[0].id"
        ),
        (
            interactive(.list(button: "b", [.init(rows: [.init(id: "1", title: "t", description: letters(73))])])),
            "interactive.action.sections[0].rows[0].description"
        ),
        (interactive(.list(button: "b", [.init(rows: [row])]), header: .image(.id("7"))), "interactive.header"),
        (
            interactive(.link(label: letters(21), url: "https://e.example")),
            "interactive.action.parameters.display_text"
        ),
        (interactive(.link(label: "a", url: "javascript:x")), "interactive.action.parameters.url"),
        (
            interactive(.flow(.init(form: .id("1"), label: letters(21), token: "t"))),
            "interactive.action.parameters.flow_cta"
        ),
        (
            interactive(.flow(.init(form: .id("1"), label: "a", token: "t", screen: "S", data: "no"))),
            "interactive.action.parameters.flow_action_payload"
        ),
        (interactive(.carousel([card])), "interactive.action.cards"),
        (interactive(.carousel(Array(repeating: card, count: 11))), "interactive.action.cards"),
        (interactive(.carousel([card, card]), footer: "f"), "interactive.footer"),
        (
            interactive(.carousel([.init(header: .image(.id("7")), body: "a\nb\nc\nd", action: card.action), card])),
            "interactive.action.cards[0].body"
        ),
        (
            interactive(.carousel([.init(header: .image(.id("7")), body: letters(161), action: card.action), card])),
            "interactive.action.cards[0].body"
        ),
        (interactive(.address(country: "US")), "interactive.action.parameters.country"),
        (.template(.init(name: "Order", language: "en")), "template.name"),
        (.template(.init(name: letters(513), language: "en")), "template.name"),
        (
            .template(.init(name: "a", language: "en", components: [.header(.text(letters(61)))])),
            "template.components[0].parameters[0].text"
        ),
        (
            .template(.init(name: "a", language: "en", components: [.button(index: 10, kind: .url, .text("x"))])),
            "template.components[0].index"
        ),
        (
            .template(
                .init(
                    name: "a", language: "en",
                    components: [.button(index: 0, kind: .copyCode, .couponCode(letters(21)))])),
            "template.components[0].parameters[0].coupon_code"
        ),
        (.pin("wamid.P=", days: 7), "recipient_type"),
    ]

    @Test(arguments: broken)
    func `names the field that breaks a limit`(_ message: OutgoingMessage, _ field: String) {
        let violation = #expect(throws: LimitViolation.self) { try message.validate(for: .number("15550000001")) }
        #expect(violation?.field == field)
    }

    @Test func `takes what is just at the limits`() throws {
        let messages: [OutgoingMessage] = [
            .text(letters(4096)), .text(String(repeating: "😀", count: 4096)), .image(.id("7"), caption: letters(1024)),
            .interactive(
                .init(
                    header: .text(letters(60)), body: letters(4096), footer: letters(60),
                    action: .list(button: letters(20), [.init(title: letters(24), rows: Self.rows(10))]))),
            .interactive(
                .init(
                    body: letters(1024),
                    action: .buttons((1...3).map { .init(id: letters(255) + "\($0)", title: letters(19) + "\($0)") }))),
            Self.interactive(.carousel(Array(repeating: Self.card, count: 10))),
        ]
        for message in messages { try message.validate(for: .number("+15550000001")) }
    }

    @Test func `says what is allowed and what was given, and never the text`() {
        let violation = #expect(throws: LimitViolation.self) {
            try OutgoingMessage.text(letters(4097)).validate(for: .number("15550000001"))
        }
        #expect(violation?.description == "text.body must be 1...4096 characters, is 4097 characters")
    }

    @Test func `refuses what a recipient cannot get, before anything is sent`() async throws {
        try await withGraph { _, _ in
            .sent
        } test: { graph, server async throws in
            let interactive = Self.interactive(.locationRequest)
            let errors = [
                try await graphError { _ = try await graph.send(interactive, to: .group("G")) },
                try await graphError {
                    _ = try await graph.send(.reaction(to: "w", emoji: "x"), to: .number("15550000001"), replyTo: "w")
                },
                try await graphError {
                    _ = try await graph.send(.text("x"), to: .number("15550000001"), callbackData: letters(513))
                },
                try await graphError { _ = try await graph.send(.text("x"), to: .number("abc")) },
            ]
            #expect(errors.map(\.violation?.field) == ["type", "context", "biz_opaque_callback_data", "to"])
            #expect(
                errors.allSatisfy { $0.code == .invalidMessage && !$0.mayHaveBeenAccepted && $0.remedy == .badRequest })
            #expect(server.requests.isEmpty)
        }
    }
}
