import BotKit
import Foundation

/// A file that is written piece by piece, readable for its owner alone.
struct ExportFile: ~Copyable {
    let url: URL
    private let handle: FileHandle
    private var pending = Data()

    /// - Throws: `Outage`.
    init(_ url: URL) throws {
        guard FileManager.default.createFile(atPath: url.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw Self.failure }
        do { handle = try FileHandle(forWritingTo: url) } catch { throw Self.failure }
        self.url = url
    }

    mutating func write(_ text: String) throws {
        pending.append(contentsOf: text.utf8)
        if pending.count >= 1 << 16 { try flush() }
    }

    /// Writes all that a file holds, a piece at a time.
    mutating func append(_ file: URL) throws {
        do {
            let source = try FileHandle(forReadingFrom: file)
            defer { try? source.close() }
            while let piece = try source.read(upToCount: 1 << 16), !piece.isEmpty {
                pending.append(piece)
                try flush()
            }
        } catch { throw Self.failure }
    }

    mutating func close() throws {
        try flush()
        do { try handle.close() } catch { throw Self.failure }
    }

    private mutating func flush() throws {
        do { try handle.write(contentsOf: pending) } catch { throw Self.failure }
        pending.removeAll(keepingCapacity: true)
    }

    private static var failure: Outage {
        Outage("disk", "an export cannot be written; free some space in MARTLET_HOME")
    }
}
