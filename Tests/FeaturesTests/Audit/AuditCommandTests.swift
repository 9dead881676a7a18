import BotKit
import TestKit
import Testing

@Suite struct AuditCommandTests {
    private func turn(_ text: String, group: String? = nil) -> Turn { .sample(text, role: .owner, group: group) }

    /// The places of the entries that are shown, and what is said about older ones.
    private func shown(_ said: String) -> (places: [String], rest: [String]) {
        let lines = said.split(separator: "\n").map(String.init)
        let places = lines.filter { $0.hasPrefix("#") }.map { String($0.prefix { $0 != " " }) }
        return (places, lines.filter { !$0.hasPrefix("#") })
    }

    @Test(arguments: [
        ("!audit", "#3 #2 #1"), ("!audit last", "#3 #2 #1"), ("!AUDIT Last 5 config_update", "#2"),
        ("!audit last CONFIG_UPDATE", "#2"), ("!audit last denied", "#1"), ("!audit last done 50", "#3 #2"),
        ("!audit last +15550000001", "#2"), ("!audit last 15550000001 done", "#2"),
        ("!audit last since 2026-01-04", "#3 #2"), ("!audit last SINCE 2026-01-05T00:00:00Z done", "#3"),
        ("!audit last before 2", "#1"),
    ])
    func `shows the newest entries, and records which were read`(text: String, places: String) async throws {
        let features = try await FeaturesUnderTest()
        let said = try #require(try await features.say(turn(text)))
        #expect(shown(said).places.joined(separator: " ") == places && shown(said).rest.isEmpty, "\(said)")
        let responder = try #require(features.responder(for: turn(text)))
        #expect(responder.needs == .readAudit)
        let answer = try await responder.answer(turn(text))
        let numbers = places.split(separator: " ").map { String($0.dropFirst()) }
        let details = [
            "entries": "\(numbers.count)", "newest": numbers.first ?? "", "oldest": numbers.last ?? "",
        ]
        #expect(answer.audit == [AuditEntry(.auditRead, details: details)])
    }

    @Test func `names the command that shows older ones`() async throws {
        let features = try await FeaturesUnderTest()
        let first = shown(try #require(try await features.say(turn("/audit last 2 since 2026-01-01"))))
        #expect(first.places == ["#3", "#2"])
        #expect(first.rest == ["Older ones: !audit last 2 since 2026-01-01 before 2"])
        let second = shown(try #require(try await features.say(turn("!audit last 2 since 2026-01-01 before 2"))))
        #expect(second.places == ["#1"] && second.rest.isEmpty)
    }

    @Test func `shows and records only what there is room for`() async throws {
        let features = try await FeaturesUnderTest(showing: 140)
        let said = shown(try #require(try await features.say(turn("!audit last 100"))))
        #expect(said.places == ["#3", "#2"] && said.rest == ["Older ones: !audit last 100 before 2"])
        let answer = try await #require(features.responder(for: turn("!audit"))).answer(turn("!audit last 100"))
        #expect(answer.audit.first?.details == ["entries": "2", "newest": "3", "oldest": "2"])
        // One is shown in any case, if only its beginning.
        let narrow = try await FeaturesUnderTest(showing: 10)
        #expect(shown(try #require(try await narrow.say(turn("!audit")))).places == ["#3"])
    }

    @Test func `knows nobody on a network that there is not`() async throws {
        let features = try await FeaturesUnderTest()
        #expect(try await features.say(turn("!audit last cloud/u1")) == "Nothing of that kind was recorded.")
        #expect(try await features.refusal(turn("!audit last ../../etc"))?.hasPrefix("I know nobody") == true)
    }

    @Test func `says that nothing was recorded`() async throws {
        let features = try await FeaturesUnderTest()
        #expect(try await features.say(turn("!audit last 1 DATA_EXPORTED")) == "Nothing of that kind was recorded.")
    }

    @Test(arguments: [
        "0", "101", "-1", "many", "last", "20 20 20", "9999999999999999999999", "since", "since yesterday",
        "since 2026-02-30", "before", "before 0", "before x", "done denied", "DATA_WIPED CONFIG_UPDATE",
    ])
    func `says how it is used`(rest: String) async throws {
        let features = try await FeaturesUnderTest()
        #expect(try await features.refusal(turn("!audit last \(rest)"))?.hasPrefix("!audit last 20") == true)
    }
}
