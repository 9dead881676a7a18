import BotCore
import BotKit
import Foundation
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (1_772_442_307_042, "2026-03-02T09:05:07.042Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (253_402_300_799_000, "9999-12-31T23:59:59.000Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
    ])
    func `writes known times`(milliseconds: Int64, text: String) {
        #expect(Timestamp(Date(milliseconds: milliseconds)).description == text)
    }

    @Test func `agrees with Foundation on every day of 400 years`() {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for day in stride(from: -73_000, to: 73_000, by: 1) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400 + 45_296)
            #expect(Timestamp(date).description == date.formatted(style))
        }
    }

    @Test(arguments: [Date.distantPast, .distantFuture, Date(timeIntervalSince1970: 1e300)])
    func `has 24 characters for any time`(date: Date) {
        #expect(Timestamp(date).description.utf8.count == 24)
    }
}
