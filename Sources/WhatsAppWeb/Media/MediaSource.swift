public import Foundation

/// Where the bytes of a file to upload come from. It is read twice, once for its hashes.
public enum MediaSource: Sendable {
    case bytes([UInt8])
    /// A file that does not change meanwhile.
    case file(URL)

    /// How much is read at once.
    static let pieceByteCount = 64 * 1_024

    /// Opens it.
    /// - Throws: `WebError` with `file`.
    func reader() throws(WebError) -> MediaReader { try MediaReader(self) }
}

/// Reads a file to upload piece by piece.
struct MediaReader {
    private let bytes: [UInt8]
    private var offset = 0
    private let handle: FileHandle?

    init(_ source: MediaSource) throws(WebError) {
        switch source {
        case .bytes(let bytes):
            self.bytes = bytes
            handle = nil
        case .file(let file):
            bytes = []
            do { handle = try FileHandle(forReadingFrom: file) } catch {
                throw WebError(.file, "the file to upload cannot be opened")
            }
        }
    }

    /// The next piece; empty at the end.
    /// - Throws: `WebError` with `file`.
    mutating func next() throws(WebError) -> [UInt8] {
        guard let handle else {
            let end = min(offset + MediaSource.pieceByteCount, bytes.count)
            defer { offset = end }
            return Array(bytes[offset..<end])
        }
        do { return Array(try handle.read(upToCount: MediaSource.pieceByteCount) ?? Data()) } catch {
            throw WebError(.file, "the file to upload cannot be read")
        }
    }

    /// Closes the file.
    func close() {
        // It was only read; nothing is lost.
        try? handle?.close()
    }
}
