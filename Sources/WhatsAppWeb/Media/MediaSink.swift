import Foundation
import Synchronization

/// Where the bytes of a downloaded file go: they are to be used only after `keep`.
protocol MediaSink: Sendable {
    /// Forgets what came, if anything, and begins.
    func begin() throws(WebError)
    func write(_ bytes: [UInt8]) throws(WebError)
    /// All is right.
    func keep() throws(WebError)
    /// All is to be forgotten.
    func discard()
}

/// Keeps a small file in memory.
final class MemorySink: MediaSink {
    private let content = Mutex<[UInt8]>([])

    var bytes: [UInt8] { content.withLock { $0 } }

    func begin() { discard() }
    func write(_ bytes: [UInt8]) { content.withLock { $0.append(contentsOf: bytes) } }
    func keep() {}
    func discard() { content.withLock { $0.removeAll() } }
}

/// Writes a file beside its final place, and moves it there when it was found right.
final class FileSink: MediaSink {
    private let file: URL
    private let part: URL
    private let handle = Mutex<FileHandle?>(nil)

    /// - Parameter file: must not exist yet; is made readable for this user only.
    init(_ file: URL) {
        self.file = file
        part = file.appendingPathExtension("part-" + UUID().uuidString)
    }

    func begin() throws(WebError) {
        discard()
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard !FileManager.default.fileExists(atPath: file.path),
            FileManager.default.createFile(atPath: part.path, contents: nil, attributes: attributes),
            let opened = try? FileHandle(forWritingTo: part)
        else { throw WebError(.file, "the file to download to exists or cannot be made") }
        handle.withLock { $0 = opened }
    }

    func write(_ bytes: [UInt8]) throws(WebError) {
        let isWritten = handle.withLock { handle in (try? handle?.write(contentsOf: Data(bytes))) != nil }
        guard isWritten else { throw WebError(.file, "the file cannot be written; is the disk full?") }
    }

    func keep() throws(WebError) {
        let isClosed = handle.withLock { handle in
            defer { handle = nil }
            return (try? handle?.close()) != nil
        }
        guard isClosed, (try? FileManager.default.moveItem(at: part, to: file)) != nil else {
            throw WebError(.file, "the downloaded file cannot be moved to its place")
        }
    }

    func discard() {
        // What cannot be closed or removed changes nothing for the caller, who has an error to handle.
        handle.withLock { handle in
            try? handle?.close()
            handle = nil
        }
        try? FileManager.default.removeItem(at: part)
    }
}
