import BotCore
import BotKit

/// What the last gate of the log costs a line.
struct RedactionStage: Stage {
    let bench: BenchSetup
    let figures = ["redaction_us_per_line", "redaction_us_per_personal_line"]

    /// Messages and values as the program logs them.
    private static let ordinary = [
        "a turn ended", "a job failed and is tried again", "WhatsApp connection lost", "2026-03-02T09:05:07.042Z",
        "model: the server answers with HTTP 503, and asks to wait for 1.5 seconds",
        "send: Graph code 131047 (HTTP 400)",
        "database: locked by another process", "Health, metrics and webhooks are served", "3EB0E634A0CF53658987CA",
        "the clock was set back; replies that wait are moved with it", "0.004123456 seconds",
        "claude-sonnet-4-20250514",
        #"<message id="3EB0E634A0CF53658987CA" from="…@s.whatsapp.net" t="1700000000" type="text"/>"#,
    ]
    private static let personal = [
        "user +15550000001 wrote", #"{"from":"15550000001@s.whatsapp.net","text":"שלום"}"#, "mail to dana@example.com",
        "GET https://api.example/v1/items?key=abcdef&user=15550000001 failed", "Authorization: Bearer abcDEF123456789",
    ]

    func run() async throws -> [Figure] {
        for text in Self.personal where Redaction.of(text) == text { throw BenchmarkFailure("a line is not redacted") }
        return [
            Figure("redaction_us_per_line", microseconds(Self.ordinary), "us", digits: 2),
            Figure("redaction_us_per_personal_line", microseconds(Self.personal), "us", digits: 2),
        ]
    }

    /// The median of nine rounds.
    private func microseconds(_ lines: [String]) -> Double {
        let count = bench.count(200_000, quick: 20_000) / lines.count
        var rounds: [Double] = []
        for _ in 0..<9 {
            let start = ContinuousClock.now
            for _ in 0..<count { for line in lines { _ = Redaction.of(line) } }
            rounds.append((ContinuousClock.now - start).inSeconds * 1e6 / Double(count * lines.count))
        }
        return rounds.percentile(0.5)
    }
}
