import BotKit
import Foundation
import Hummingbird
import Testing

@testable import Providers

/// Links, requests for the position, and templates on their way out.
@Suite struct RichReplyTests {
    private static let link = RenderedReply.Content.link(text: "Look", label: "Open", url: "https://example.org/a?b=c")
    private static let template = RenderedReply.Content.template(
        name: "news", languageCode: "he", values: ["Dana", "3"], text: "News for Dana: 3")

    private func sent(_ content: RenderedReply.Content, group: Bool = false) async throws -> NSDictionary {
        let seen = Recorded<GraphRequestSeen>()
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = group ? ChatID(account: rig.provider.account, name: "gZ3JvdXA=") : try await rig.open()
            _ = try await rig.send(content, to: chat)
            seen.set(try #require(rig.graph.sent.first))
        }
        return try #require(seen.value).json as NSDictionary
    }

    private func text(in body: NSDictionary) -> String? { (body["text"] as? [String: Any])?["body"] as? String }

    @Test func `a link is a button that opens it`() async throws {
        let action: NSDictionary = [
            "name": "cta_url", "parameters": ["display_text": "Open", "url": "https://example.org/a?b=c"],
        ]
        let body = try await sent(Self.link)
        #expect(
            body["interactive"] as? NSDictionary == ["type": "cta_url", "body": ["text": "Look"], "action": action])
    }

    @Test func `a request for the position is a button that sends it`() async throws {
        let body = try await sent(.locationRequest(text: "Where?"))
        #expect(
            body["interactive"] as? NSDictionary == [
                "type": "location_request_message", "body": ["text": "Where?"], "action": ["name": "send_location"],
            ])
    }

    @Test func `groups get both in words`() async throws {
        #expect(text(in: try await sent(Self.link, group: true)) == "Look\nOpen: https://example.org/a?b=c")
        #expect(text(in: try await sent(.locationRequest(text: "Where?"), group: true)) == "Where?")
    }

    @Test func `a label is cut; a long text, and a link that is none of the web, go out in words with the link whole`()
        async throws
    {
        let url = "https://example.org/a"
        let label = "A label that is far too long"
        let body = try await sent(.link(text: "Look", label: label, url: url))
        #expect("\(body)".contains("A label that is far…"))
        let long = try #require(
            text(in: try await sent(.link(text: String(repeating: "x", count: 5_000), label: label, url: url))))
        #expect(long.unicodeScalars.count == 4_096 && long.hasSuffix("…\n\(label): \(url)"))
        #expect(
            text(in: try await sent(.link(text: "Call", label: "Call", url: "tel:+15550000001")))
                == "Call\nCall: tel:+15550000001")
    }

    @Test func `a template goes out with its blanks filled, also when the window is closed`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            rig.time.advance(by: .seconds(25 * 3_600))
            #expect(try await rig.failure(Self.link, to: chat).remedy == .windowClosed)
            _ = try await rig.send(Self.template, to: chat)
            let body = try #require(rig.graph.sent.first).json as NSDictionary
            let parameters: [NSDictionary] = [["type": "text", "text": "Dana"], ["type": "text", "text": "3"]]
            #expect(
                body["template"] as? NSDictionary == [
                    "name": "news", "language": ["code": "he"],
                    "components": [["type": "body", "parameters": parameters] as NSDictionary],
                ])
        }
    }

    @Test func `a template that Meta does not take is said in words while the window is open, and waits else`()
        async throws
    {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            rig.graph.answer { request in
                guard request.json["type"] as? String == "template" else { return nil }
                return .json(#"{"error":{"code":132015,"message":"paused"}}"#, .badRequest)
            }
            _ = try await rig.send(Self.template, to: chat)
            #expect(rig.graph.sent.map { $0.json["type"] as? String } == ["template", "text"])
            #expect(text(in: try #require(rig.graph.sent.last).json as NSDictionary) == "News for Dana: 3")
            rig.time.advance(by: .seconds(25 * 3_600))
            #expect(try await rig.failure(Self.template, to: chat).remedy == .windowClosed)
            #expect(rig.graph.sent.count == 3)
        }
    }

    @Test func `a template that the API would refuse is said in words`() async throws {
        let body = try await sent(.template(name: "No Such Name", languageCode: "he", values: [], text: "News"))
        #expect(text(in: body) == "News")
    }
}
