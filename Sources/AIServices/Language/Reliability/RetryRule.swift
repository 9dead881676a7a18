import BotKit
import Foundation
import NIOHTTP1

/// When a failed request is sent again: the rule of OpenAI's own SDK (3.52.0), which Anthropic's shares. Broken
/// connections and attempts that ran out of their time are repeated like refusals that time may mend.
struct RetryRule: Sendable {
    /// How often after the first attempt.
    var retries = 2
    var first = Duration.milliseconds(500)
    var longest = Duration.seconds(8)
    /// A server that asks for more is not waited for.
    static let longestAsked = Duration.seconds(120)
    /// A number from 0 up to 1; up to a quarter of the wait is taken off, so that many clients do not return together.
    var jitter: @Sendable () -> Double = { Double.random(in: 0..<1) }

    /// How long to wait before retry number `retry` (the first is 0); `nil` when it is not to be waited for.
    func wait(before retry: Int, asked: Duration?) -> Duration? {
        if let asked { return asked <= Self.longestAsked ? asked : nil }
        let whole = min(first * Double(1 << min(max(retry, 0), 16)), longest)
        return whole * (1 - 0.25 * jitter())
    }

    /// What an answer asks us to wait: `retry-after-ms`, then `retry-after` in seconds or as a date. `nil` when it asks
    /// nothing or nothing sensible.
    static func wait(askedBy headers: HTTPHeaders, at now: Date) -> Duration? {
        if let text = headers.first(name: "retry-after-ms"), let milliseconds = Double(text.trimmed) {
            return span(milliseconds / 1000)
        }
        guard let text = headers.first(name: "retry-after")?.trimmed else { return nil }
        if let seconds = Double(text) { return span(seconds) }
        return HTTPDate.parse(text).flatMap { span($0.timeIntervalSince(now)) }
    }

    private static func span(_ seconds: Double) -> Duration? {
        seconds.isFinite && seconds >= 0 ? .seconds(min(seconds, 86_400)) : nil
    }
}

/// Dates as HTTP writes them, such as `Sun, 06 Nov 1994 08:49:37 GMT`. Source: RFC 9110, section 5.6.7.
enum HTTPDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    static func parse(_ text: String) -> Date? {
        let parts = text.prefix(64).split(whereSeparator: { " ,:-".contains($0) })
        guard parts.count == 8, let day = Int(parts[1]), let month = months.firstIndex(of: parts[2].lowercased()),
            let year = Int(parts[3]), let hour = Int(parts[4]), let minute = Int(parts[5]), let second = Int(parts[6]),
            (1...31).contains(day), (1970...9999).contains(year), (0..<24).contains(hour), (0..<60).contains(minute),
            (0...60).contains(second)
        else { return nil }
        return Date(
            timeIntervalSince1970: Double(
                daysSince1970(year, month + 1, day) * 86_400 + hour * 3600 + minute * 60 + second))
    }

    /// Days of the Gregorian calendar, counted from a March so that the leap day is the last of its year.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
