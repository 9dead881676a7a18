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

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
