import Foundation

/// A file to which a process writes lines.
struct TextFile: Sendable {
    private let url: URL
    private var offset = 0

    init(_ url: URL) { self.url = url }

    /// The whole lines that were written since the last call.
    mutating func newLines() -> [String] {
        guard let file = try? FileHandle(forReadingFrom: url), (try? file.seek(toOffset: UInt64(offset))) != nil,
            let bytes = try? file.readToEnd(), let end = bytes.lastIndex(of: UInt8(ascii: "\n"))
        else { return [] }
        let whole = bytes[...end]
        offset += whole.count
        return whole.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Waits for a line in which `read` finds something.
    /// - Throws: when it does not come in time, or the process ends before.
    func line<Found>(
        of process: ChildProcess, within limit: Duration, _ read: (String) -> Found?
    ) async throws -> Found {
        var file = self
        let start = ContinuousClock.now
        while true {
            let hasEnded = process.end != nil
            if let found = file.newLines().lazy.compactMap(read).first { return found }
            guard !hasEnded, .now - start < limit else {
                let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
                process.signal(SIGKILL)
                throw BenchmarkFailure(
                    "what was expected did not stand in \(url.lastPathComponent): \(text.suffix(1_000))")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
