import Foundation
import Testing

@testable import BotCore

@Suite struct CronExpressionTests {
    private func date(_ text: String) throws -> Date {
        try #require(try? Date("\(text):00Z", strategy: .iso8601))
    }

    @Test(arguments: [
        ("* * * * *", "2026-01-05T09:00", "2026-01-05T09:01"),
        ("0 2 * * *", "2026-01-05T09:00", "2026-01-06T02:00"),
        ("0 9 * * *", "2026-01-05T09:00", "2026-01-06T09:00"),
        ("*/15 * * * *", "2026-01-05T09:14", "2026-01-05T09:15"),
        ("*/15 * * * *", "2026-01-05T09:45", "2026-01-05T10:00"),
        ("5/20 * * * *", "2026-01-05T09:00", "2026-01-05T09:05"),
        ("5/20 * * * *", "2026-01-05T09:45", "2026-01-05T10:05"),
        ("10-12 * * * *", "2026-01-05T09:12", "2026-01-05T10:10"),
        ("0 8-17/3 * * *", "2026-01-05T15:00", "2026-01-05T17:00"),
        ("0,30 9,18 * * *", "2026-01-05T09:30", "2026-01-05T18:00"),
        ("0 0 1 * *", "2026-01-31T12:00", "2026-02-01T00:00"),
        ("0 0 31 * *", "2026-01-31T12:00", "2026-03-31T00:00"),
        ("0 0 1 1 *", "2026-01-05T09:00", "2027-01-01T00:00"),
        ("59 23 31 12 *", "2026-01-05T09:00", "2026-12-31T23:59"),
        // Day of week: 0 and 7 are Sunday.
        ("0 0 * * 0", "2026-01-05T09:00", "2026-01-11T00:00"),
        ("0 0 * * 7", "2026-01-05T09:00", "2026-01-11T00:00"),
        ("0 0 * * 1-5", "2026-01-09T09:00", "2026-01-12T00:00"),
        ("0 0 * * 5-7", "2026-01-10T09:00", "2026-01-11T00:00"),
        // Both days given: either is enough.
        ("0 0 13 * 5", "2026-01-05T09:00", "2026-01-09T00:00"),
        ("0 0 13 * 5", "2026-01-09T00:00", "2026-01-13T00:00"),
        // A leap day.
        ("0 0 29 2 *", "2026-01-05T09:00", "2028-02-29T00:00"),
        // The night in which clocks change in Europe and America: UTC knows nothing of it.
        ("30 2 * * *", "2026-03-29T00:00", "2026-03-29T02:30"),
        ("30 1 * * *", "2026-10-25T01:30", "2026-10-26T01:30"),
        ("0 3 * * *", "2026-03-08T02:59", "2026-03-08T03:00"),
    ])
    func `finds the next time in UTC`(_ cron: String, _ after: String, _ expected: String) throws {
        let next = try #require(CronExpression(cron)).next(after: try date(after))
        #expect(next == (try date(expected)))
    }

    @Test func `seconds do not matter, and a minute is met once`() throws {
        let cron = try #require(CronExpression("0 9 * * *"))
        let time = try date("2026-01-05T08:59").addingTimeInterval(59.9)
        #expect(cron.next(after: time) == (try date("2026-01-05T09:00")))
        #expect(
            cron.next(after: try date("2026-01-05T09:00").addingTimeInterval(0.1)) == (try date("2026-01-06T09:00")))
    }

    @Test func `a day that never comes has no next time`() throws {
        for cron in ["0 0 30 2 *", "0 0 31 2,4,6,9,11 *"] {
            #expect(try #require(CronExpression(cron)).next(after: try date("2026-01-05T09:00")) == nil)
        }
    }

    @Test(arguments: [
        "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * 0 *",
        "* * * * 8", "a * * * *", "*/0 * * * *", "5-1 * * * *", "1,,2 * * * *", "1- * * * *", "*/ * * * *",
        "-1 * * * *",
        "1/2/3 * * * *", "@daily", "+1 * * * *x",
    ])
    func `refuses what is no expression`(_ text: String) {
        #expect(CronExpression(text) == nil)
    }
}
