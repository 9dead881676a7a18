import BotKit
import Testing

@testable import BotCore

@Suite struct LabelledCounterTests {
    @Test func `beyond the limit everything new counts as other`() {
        let known: Set<[String]> = [["chat", "done"], ["chat", "dead"]]
        #expect(LabelledCounter.admitted(["chat", "new"], among: known, limit: 3) == ["chat", "new"])
        #expect(LabelledCounter.admitted(["chat", "new"], among: known, limit: 2) == ["other", "other"])
        #expect(LabelledCounter.admitted(["chat", "dead"], among: known, limit: 2) == ["chat", "dead"])
    }
}
