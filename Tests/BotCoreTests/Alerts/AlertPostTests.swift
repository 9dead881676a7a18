import BotKit
import Configuration
import Crypto
import Foundation
import Logging
import TestKit
import Testing

@testable import BotCore

/// How alerts get to the operator's webhook.
@Suite struct AlertPostTests {
    private let poster = RecordingPoster()
    private let log = LogBook()

    private func handler(_ settings: [String: String] = [:]) throws -> AlertPostHandler {
        let all = ["ALERT_WEBHOOK_URL": "http://hook.example.org/x?key=private"].merging(settings) { $1 }
        let config = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: all))
        return AlertPostHandler(settings: try AlertSettings(config), poster: poster, logger: log.logger)
    }

    private func work(validFor span: Int = 3_600) throws -> AlertPost {
        let news = AlertNews(kind: "dead_job", reference: "1ABC", at: .monday)
        return try AlertPost(
            AlertMessage(news: news, suppressed: 2, toldAt: .monday), saying: "A job is \"given\" up.\nשלום",
            from: "home", validFor: .seconds(span))
    }

    private func wait(_ outcome: JobOutcome) -> Duration? {
        if case .again(let wait) = outcome { wait } else { nil }
    }

    @Test func `is JSON with everything and a signature that others can check`() async throws {
        _ = try await handler(["ALERT_WEBHOOK_SECRET": "key"]).run(try work(), at: .monday)
        let post = try #require(poster.posts.first)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(post.body.utf8)) as? [String: Any])
        #expect(json["kind"] as? String == "dead_job" && json["text"] as? String == "A job is \"given\" up.\nשלום")
        #expect(json["count"] as? Int == 3 && json["reference"] as? String == "1ABC")
        #expect(json["instance"] as? String == "home" && json["state"] as? String == "raised")
        #expect((json["time"] as? String)?.hasSuffix("Z") == true && json.count == 7)
        #expect(post.headers["Content-Type"] == "application/json")
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(post.body.utf8), using: SymmetricKey(data: Data("key".utf8)))
        #expect(
            post.headers["X-Martlet-Signature-256"]
                == "sha256=" + code.map { String(format: "%02x", $0) }.joined())
        // RFC 4231, test case 2.
        #expect(
            AlertPost.signature(of: Array("what do ya want for nothing?".utf8), with: "Jefe")
                == "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        _ = try await handler().run(try work(), at: .monday)
        #expect(poster.posts[1].headers["X-Martlet-Signature-256"] == nil)
    }

    @Test func `is tried again with growing waits until it is too old, and is no alert itself`() async throws {
        let handler = try handler()
        let work = try work()
        poster.script(500, nil, 503, 429)
        #expect(wait(try await handler.run(work, at: .monday)) == .seconds(2))
        #expect(wait(try await handler.run(work, at: .monday.addingTimeInterval(2))) == .seconds(2))
        #expect(wait(try await handler.run(work, at: .monday.addingTimeInterval(4))) == .seconds(4))
        #expect(wait(try await handler.run(work, at: .monday.addingTimeInterval(2_000))) == .seconds(600))
        #expect(wait(try await handler.run(work, at: .monday.addingTimeInterval(3_601))) == nil)
        #expect(poster.posts.count == 4)
        #expect(log.alerts.isEmpty && log.entries.last?.level == .error)
        #expect(!log.entries.map { "\($0.message) \($0.metadata)" }.joined().contains("private"))
    }

    @Test(arguments: [301, 308, 400, 401, 404])
    func `what will not get better is given up at once`(_ status: Int) async throws {
        poster.script(status)
        #expect(wait(try await handler().run(try work(), at: .monday)) == nil)
        #expect(log.entries.count == 1 && log.entries[0].level == .error && log.alerts.isEmpty)
    }

    @Test func `a job whose webhook is gone ends`() async throws {
        _ = try await handler(["ALERT_WEBHOOK_URL": ""]).run(try work(), at: .monday)
        #expect(poster.posts.isEmpty && log.entries.isEmpty)
    }

    @Test(arguments: ["hook", "ftp://x.example.org", "https:///only-a-path", "javascript:alert(1)"])
    func `an address that is none stops the start and is not shown`(_ address: String) throws {
        let error = #expect(throws: Misconfiguration.self) { try handler(["ALERT_WEBHOOK_URL": address]) }
        #expect(error?.key == "ALERT_WEBHOOK_URL" && error?.description.contains(address) == false)
    }
}
