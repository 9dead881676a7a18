import Foundation

/// Which process it is: its number alone is given to another one later.
struct ProcessIdentity: Equatable, Sendable {
    let pid: pid_t
    /// When it was started, in ticks since the machine was (proc(5), `stat`, field 22).
    let start: UInt64
    /// Which run of the machine that is counted from.
    let boot: String

    /// - Returns: `nil` when there is no such process, or `/proc` does not tell.
    init?(of pid: pid_t) {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            // The second field is the program's name, in parentheses: whatever may be in a file's name may be in it.
            let end = text.lastIndex(of: ")"),
            let start = text[end...].split(separator: " ").dropFirst(20).first.flatMap({ UInt64($0) })
        else { return nil }
        self.pid = pid
        self.start = start
        boot =
            (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    }

    /// - Parameter text: what `text` gave.
    init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 3, let pid = pid_t(words[0]), let start = UInt64(words[1]) else { return nil }
        self.pid = pid
        self.start = start
        boot = String(words[2])
    }

    /// One line.
    var text: String { "\(pid) \(start) \(boot.isEmpty ? "-" : boot)\n" }

    /// Whether this very process runs, and not another one that has its number by now.
    var isRunning: Bool { Self(of: pid)?.text == text }
}
