import BotKit
import Foundation
import Hummingbird
import Testing

@testable import Providers

/// Replies on their way out.
@Suite struct SendTests {
    private func options(_ count: Int, title: String = "Option") -> [RenderedReply.Option] {
        (1...count).map { .init(id: "o\($0)", title: "\(title) \($0)") }
    }

    @Test func `a text goes out as a quote, with its row, to the number with a plus`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            let id = try await rig.send(.text("hello"), to: chat, quoting: "wamid.OPEN", row: 77)
            let body = try #require(rig.graph.sent.first).json
            #expect(id.rawValue.hasPrefix("wamid.OUT"))
            #expect(body["to"] as? String == "+\(Payload.dana)")
            #expect((body["text"] as? [String: Any])?["body"] as? String == "hello")
            #expect((body["context"] as? [String: Any])?["message_id"] as? String == "wamid.OPEN")
            #expect(body["biz_opaque_callback_data"] as? String == "m77")
        }
    }

    @Test(arguments: [(1, "button"), (3, "button"), (4, "list"), (10, "list"), (11, nil)])
    func `a menu becomes buttons, a list, or numbered text`(count: Int, type: String?) async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            _ = try await rig.send(.menu(question: "Which?", options: options(count)), to: chat)
            let sent = try #require(rig.graph.sent.first)
            #expect((sent.json["interactive"] as? [String: Any])?["type"] as? String == type)
            if type == nil { #expect(sent.text.contains("11. Option 11")) } else { #expect(sent.text.contains("o1")) }
        }
    }

    @Test func `titles are cut and stay different; what cannot be cut becomes text`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            let long = options(3, title: "An option with a very long title")
            _ = try await rig.send(.menu(question: "?", options: long), to: chat)
            _ = try await rig.send(
                .menu(question: "?", options: options(5, title: "An option with a very long title")), to: chat)
            _ = try await rig.send(.menu(question: String(repeating: "q", count: 2000), options: options(2)), to: chat)
            let same = [RenderedReply.Option](repeating: .init(id: "same", title: "t"), count: 2)
            _ = try await rig.send(.menu(question: "?", options: same), to: chat)
            let types = rig.graph.sent.map { ($0.json["interactive"] as? [String: Any])?["type"] as? String }
            #expect(types == ["button", "list", "list", nil])
        }
    }

    @Test func `a menu that is shown in words takes numbers, one with buttons does not`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            func takesNumbers(_ options: [RenderedReply.Option], inGroup: Bool = false) -> Bool {
                let menu = RenderedReply(content: .menu(question: "Which?", options: options))
                return rig.provider.takesNumbers(for: menu, inGroup: inGroup)
            }
            #expect(!takesNumbers(options(3)))
            #expect(takesNumbers(options(3), inGroup: true))
            #expect(takesNumbers(options(4)))
            #expect(takesNumbers(options(11)))
            #expect(takesNumbers([.init(id: String(repeating: "x", count: 257), title: "Long")]))
            #expect(!rig.provider.takesNumbers(for: RenderedReply(content: .text("1. a")), inGroup: true))
        }
    }

    @Test func `a group gets text and no menu, whatever the window`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let group = ChatID(account: rig.provider.account, name: "gZ3JvdXA=")
            _ = try await rig.send(.menu(question: "Which?", options: options(2)), to: group)
            let body = try #require(rig.graph.sent.first).json
            #expect(body["recipient_type"] as? String == "group" && body["to"] as? String == "Z3JvdXA=")
            #expect(body["type"] as? String == "text")
        }
    }

    @Test func `a reaction goes out without a quote, and an empty one takes it back`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            _ = try await rig.send(.reaction(to: "wamid.OPEN", emoji: "👍"), to: chat, quoting: "wamid.OPEN")
            _ = try await rig.send(.reaction(to: "wamid.OPEN", emoji: ""), to: chat)
            #expect(rig.graph.sent.map { ($0.json["reaction"] as? [String: Any])?["emoji"] as? String } == ["👍", ""])
            #expect(rig.graph.sent.allSatisfy { $0.json["context"] == nil })
        }
    }

    @Test func `a file is uploaded once and sent by its id for 29 days`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            let file = FileManager.default.temporaryDirectory.appending(path: "martlet-\(UUID().uuidString).png")
            defer { try? FileManager.default.removeItem(at: file) }
            try Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]).write(to: file)
            let media = OutgoingMedia(kind: .image, file: file, mimeType: "image/png", caption: "sea")
            for _ in 0..<2 { _ = try await rig.send(.media(media), to: chat) }
            func uploads() -> Int { rig.graph.seen.count { $0.path.hasSuffix("/media") } }
            #expect(uploads() == 1)
            let image = try #require(rig.graph.sent.first).json["image"] as? [String: Any]
            #expect(image?["caption"] as? String == "sea")
            // An id that Meta no longer knows is given up for a fresh one.
            rig.graph.refuse(100)
            #expect(try await rig.failure(.media(media), to: chat).remedy == .retry(after: nil))
            rig.graph.answer(nil)
            _ = try await rig.send(.media(media), to: chat)
            #expect(uploads() == 2)
            rig.time.advance(by: .seconds(30 * 86_400))
            _ = try await rig.open(id: "wamid.OPEN2")
            _ = try await rig.send(.media(media), to: chat)
            #expect(uploads() == 3)
        }
    }

    @Test(arguments: [
        (131_056, SendFailure.Remedy.holdChat(.seconds(4))), (130_429, .holdAccount(.seconds(1))),
        (80_007, .holdAccount(.seconds(300))), (131_057, .holdAccount(.seconds(60))), (131_000, .retry(after: nil)),
        (131_026, .giveUp), (131_009, .giveUp), (131_050, .giveUp), (131_049, .postpone(.seconds(86_400))),
        (131_048, .stopAccount), (131_031, .stopAccount), (190, .stopAccount), (131_005, .stopAccount),
        (130_497, .giveUp), (131_047, .windowClosed), (137_000, .windowClosed), (132_015, .windowClosed),
        (131_208, .retry(after: .seconds(30))), (424_242, .giveUp),
    ])
    func `each of Meta's codes has its remedy`(code: Int, remedy: SendFailure.Remedy) async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            rig.graph.refuse(code)
            let failure = try await rig.failure(to: chat)
            #expect(failure.remedy == remedy)
            #expect(failure.code == "\(code)")
            #expect(!failure.description.contains(Payload.dana) && !failure.description.contains("EAAtest"))
        }
    }

    @Test(arguments: [
        (424_242, 503, SendFailure.Remedy.retry(after: nil), "424242"), (424_242, 500, .retry(after: nil), "424242"),
        (424_242, 429, .holdAccount(.seconds(1)), "424242"), (424_242, 400, .giveUp, "424242"),
        (-1, 503, .retry(after: nil), "http_503"), (-1, 429, .holdAccount(.seconds(1)), "http_429"),
        (-1, 500, .uncertain, "http_500"), (-1, 401, .stopAccount, "http_401"), (-1, 400, .giveUp, "http_400"),
    ])
    func `where the code says nothing, the status decides`(
        _ code: Int, _ status: Int, _ remedy: SendFailure.Remedy, _ word: String
    ) async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            rig.graph.answer { request in
                guard request.path.hasSuffix("/messages") else { return nil }
                let code = code < 0 ? "" : #","code":\#(code)"#
                return .json(#"{"error":{"message":"no"\#(code)}}"#, .init(code: status))
            }
            let failure = try await rig.failure(to: chat)
            #expect(failure.remedy == remedy && failure.code == word)
        }
    }

    @Test func `a wish to wait is granted`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            rig.graph.refuse(130_429, status: .tooManyRequests, headers: [.retryAfter: "17"])
            #expect(try await rig.failure(to: chat).remedy == .holdAccount(.seconds(17)))
            rig.graph.refuse(2, status: .internalServerError, headers: [.retryAfter: "9"])
            #expect(try await rig.failure(to: chat).remedy == .retry(after: .seconds(9)))
        }
    }

    @Test func `an answer that was lost leaves the send uncertain; no connection does not`() async throws {
        try await CloudRig.running(["CLOUD_SEND_TIMEOUT_MILLISECONDS": "300"], runsProviders: false) {
            rig async throws in
            let chat = try await rig.open()
            rig.graph.answer { _ in
                for await _ in AsyncStream<Void>.makeStream().stream {}
                return nil
            }
            #expect(try await rig.failure(to: chat).remedy == .uncertain)
            rig.graph.answer { _ in Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: "<html>"))) }
            #expect(try await rig.failure(to: chat).remedy == .uncertain)
        }
        try await CloudRig.running(["CLOUD_BASE_URL": "http://127.0.0.1:1"], runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            #expect(try await rig.failure(to: chat).remedy == .retry(after: nil))
        }
    }

    @Test(arguments: [
        (502, nil, SendFailure.Remedy.retry(after: nil)), (503, "9", .retry(after: .seconds(9))),
        (500, nil, .uncertain), (504, "9", .uncertain),
    ])
    func `the page of a gateway is a reason to retry only where it handed nothing on`(
        _ status: Int, _ wait: String?, _ remedy: SendFailure.Remedy
    ) async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            rig.graph.answer { request in
                guard request.path.hasSuffix("/messages") else { return nil }
                var headers: HTTPFields = [.contentType: "text/html"]
                headers[.retryAfter] = wait
                return Response(
                    status: .init(code: status), headers: headers,
                    body: .init(byteBuffer: ByteBuffer(string: "<html>Sorry</html>")))
            }
            #expect(try await rig.failure(to: chat).remedy == remedy)
        }
    }

    @Test(arguments: [131_031, 131_048, 190, 131_042])
    func `a number that was stopped by a code works again as soon as a message goes out`(_ code: Int) async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open()
            rig.graph.refuse(code)
            for calls in 1...2 {
                let failure = try await rig.failure(to: chat)
                #expect(failure.remedy == .stopAccount && failure.wasTried)
                #expect(rig.graph.sent.count == calls)
                #expect(rig.provider.state.stop != nil)
            }
            rig.graph.answer(nil)
            _ = try await rig.send(.text("x"), to: chat)
            #expect(rig.provider.state.stop == nil && rig.provider.isConnected)
        }
    }

    @Test func `a refused token stops the number until the check sees it work`() async throws {
        try await CloudRig.running { rig async throws in
            let chat = try await rig.open()
            try await rig.wait { rig.provider.isConnected }
            rig.graph.answer { _ in .json(#"{"error":{"code":190,"message":"expired"}}"#, .unauthorized) }
            #expect(try await rig.failure(to: chat).remedy == .stopAccount)
            #expect(!rig.provider.isConnected)
            rig.graph.answer(nil)
            try await rig.wait {
                rig.time.advance(by: .seconds(30))
                return rig.provider.isConnected
            }
            _ = try await rig.open(id: "wamid.OPEN2")
            _ = try await rig.send(.text("x"), to: chat)
        }
    }

    @Test func `somebody whom nobody knows is given up`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = ChatID(account: rig.provider.account, name: "u12345")
            #expect(try await rig.failure(to: chat).code == "unknown_recipient")
        }
    }
}
