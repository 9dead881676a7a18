@testable import AIServices
import BotKit
import Foundation
import NIOHTTP1
import Testing

@Suite struct RetryRuleTests {
    private let now = Date(timeIntervalSince1970: 784_111_777) // Sun, 06 Nov 1994 08:49:37 GMT

    @Test func `doubles the wait up to its longest and takes up to a quarter off`() {
        let whole = RetryRule(jitter: { 0 })
        #expect((0..<7).map { whole.wait(before: $0, asked: nil)?.seconds } == [0.5, 1, 2, 4, 8, 8, 8])
        #expect(RetryRule(jitter: { 1 }).wait(before: 1, asked: nil)?.seconds == 0.75)
        #expect(whole.wait(before: Int.max, asked: nil)?.seconds == 8)
    }

    @Test func `waits what was asked, up to two minutes`() {
        let rule = RetryRule()
        #expect(rule.wait(before: 0, asked: .seconds(120)) == .seconds(120))
        #expect(rule.wait(before: 0, asked: .milliseconds(120_001)) == nil)
        #expect(rule.wait(before: 0, asked: .zero) == .zero)
    }

    @Test(
        arguments: [
            ([("retry-after-ms", "1500"), ("retry-after", "9")], 1.5), ([("retry-after", "9")], 9),
            ([("Retry-After", " 0.25 ")], 0.25), ([("retry-after", "Sun, 06 Nov 1994 08:50:37 GMT")], 60),
            ([("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT")], nil), ([("retry-after", "soon")], nil),
            ([("retry-after", "-1")], nil), ([("retry-after", "nan")], nil), ([("retry-after", "1e300")], 86_400),
            ([("retry-after-ms", "x"), ("retry-after", "2")], 2), ([], nil),
        ] as [([(String, String)], Double?)])
    func `reads what a server asks`(headers: [(String, String)], seconds: Double?) {
        #expect(RetryRule.wait(askedBy: HTTPHeaders(headers), at: now)?.seconds == seconds)
    }
}
