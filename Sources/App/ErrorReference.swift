import BotKit

/// The page of all error codes and alerts, made from the catalogue itself.
enum ErrorReference {
    static var markdown: String {
        var lines = [
            "# Errors and alerts", "",
            "Made by `martlet config --errors`; edit the catalogue in `Sources/BotKit/Failures`, not this page.", "",
            """
            Whatever ends badly has one of these codes. The label is the word in the log (`code`), in metrics
            (`refusals_total{reason}`, `turn_failures_total{code}`), in the audit (`reason`) and of dead letters.
            Members read the text, never the error itself; where it says `{reference}`, the same stands in every log
            line of the turn, and in its entries of the audit.

            The classes say who must act: `refusal` the member, `outage` time, `misconfiguration` the operator, `defect`
            whoever writes the program.
            """, "",
        ]
        for (title, codes) in chapters {
            lines += ["## \(title)", ""]
            for code in codes {
                lines += ["### `\(code.name)`", "", "Label `\(code.label)`, class `\(code.failureClass)`.", ""]
                lines += [code.cause, "", "*What to do:* \(code.remedy)", ""]
                for text in [code.text, code.otherText].compactMap({ $0 }) {
                    lines += ["- \(text.english)", "- \(text.hebrew)"]
                }
                if code.text != nil { lines.append("") }
            }
        }
        lines += [
            "## Alerts", "",
            """
            Alerts are lines of the log (`alert`), a metric (`operator_alerts_total{kind}`), messages to owners, and
            what is posted to `ALERT_WEBHOOK_URL`. Those with a second sentence are told of again when they are over.
            [operations.md](operations.md) says what to do about each.
            """, "",
            "| Kind | What owners read | When it is over |", "| --- | --- | --- |",
        ]
        for kind in AlertKind.all {
            let ended = kind.ended.map { "\($0.english)<br>\($0.hebrew)" } ?? ""
            lines.append("| `\(kind.word)` | \(kind.text.english)<br>\(kind.text.hebrew) | \(ended) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static var chapters: [(title: String, codes: [ErrorCode])] {
        [
            ("What the member must act on", ErrorCode.all.filter { $0.failureClass == .refusal }),
            ("What time mends", ErrorCode.all.filter { $0.failureClass == .outage }),
            ("What the operator mends", ErrorCode.all.filter { $0.failureClass == .misconfiguration }),
            ("What is our fault", ErrorCode.all.filter { $0.failureClass == .defect }),
        ]
    }
}
