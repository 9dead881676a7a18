import Foundation
import NIOCore

/// A file as it is uploaded: read and encrypted while it is sent, in constant memory.
struct MediaUploadBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let source: MediaSource
    let key: [UInt8]
    let kind: MediaKind
    /// What a first reading found; a file that changed since is not sent to its end.
    let expected: MediaEncryption.Result

    func makeAsyncIterator() -> Iterator { Iterator(self) }

    struct Iterator: AsyncIteratorProtocol {
        private let body: MediaUploadBody
        private var reader: MediaReader?
        private var encryption: MediaEncryption?
        private var isDone = false

        init(_ body: MediaUploadBody) { self.body = body }

        mutating func next() async throws -> ByteBuffer? {
            guard !isDone else { return nil }
            var reader = try self.reader ?? body.source.reader()
            var encryption = try self.encryption ?? MediaEncryption(MediaKeys(body.key, kind: body.kind))
            while true {
                let piece = try reader.next()
                guard !piece.isEmpty else { break }
                let sealed = try encryption.update(piece)
                guard !sealed.isEmpty else { continue }
                self.reader = reader
                self.encryption = encryption
                return ByteBuffer(bytes: sealed)
            }
            isDone = true
            reader.close()
            let (last, result) = try encryption.finish()
            guard result == body.expected else {
                throw WebError(.file, "the file changed while it was uploaded")
            }
            return ByteBuffer(bytes: last)
        }
    }
}
