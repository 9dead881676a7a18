import BotKit
import TestKit
import Testing

@Suite struct AuditCommandTests {
    private func turn(_ text: String, group: String? = nil) -> Turn { .sample(text, role: .owner, group: group) }

    @Test(arguments: [
        ("!audit", 3), ("!audit last", 3), ("/audit last 2", 2), ("!AUDIT Last 5 config_update", 1),
        ("!audit last CONFIG_UPDATE", 1),
    ])
    func `shows the newest entries, and records that they were read`(text: String, lines: Int) async throws {
        let features = try await FeaturesUnderTest()
        let said = try #require(try await features.say(turn(text)))
        #expect(said.split(separator: "\n").count == lines)
        let responder = try #require(features.responder(for: turn(text)))
        #expect(responder.needs == .readAudit)
        let answer = try await responder.answer(turn(text))
        #expect(answer.audit == [AuditEntry(.auditRead, details: ["entries": "\(lines)"])])
    }

    @Test func `says that nothing was recorded`() async throws {
        let features = try await FeaturesUnderTest()
        #expect(try await features.say(turn("!audit last 1 DATA_EXPORTED")) == "Nothing was recorded yet.")
    }

    @Test(arguments: ["0", "101", "-1", "many", "last", "20 20 20", "9999999999999999999999"])
    func `says how it is used`(rest: String) async throws {
        let features = try await FeaturesUnderTest()
        #expect(try await features.refusal(turn("!audit last \(rest)"))?.hasPrefix("!audit last 20") == true)
    }
}
