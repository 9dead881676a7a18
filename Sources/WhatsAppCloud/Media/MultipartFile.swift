import Foundation
import NIOCore

/// A form with one file, read from disk piece by piece while it is sent (RFC 7578).
struct MultipartFile: Sendable {
    let file: URL
    let fileBytes: Int
    private let head: [UInt8]
    private let tail: [UInt8]
    let contentType: String

    /// - Parameter boundary: letters and digits that the form does not hold.
    init(
        file: URL, fileBytes: Int, filename: String, mimeType: String, fields: [(name: String, value: String)],
        boundary: String
    ) {
        var head = ""
        for (name, value) in fields {
            head += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        let name = Self.safe(filename)
        head += "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n"
        head += "Content-Type: \(mimeType)\r\n\r\n"
        self.file = file
        self.fileBytes = fileBytes
        self.head = Array(head.utf8)
        tail = Array("\r\n--\(boundary)--\r\n".utf8)
        contentType = "multipart/form-data; boundary=\(boundary)"
    }

    var length: Int { head.count + fileBytes + tail.count }

    func noting(_ progress: CallProgress) -> Pieces { Pieces(form: self, progress: progress) }

    /// A name that cannot leave its quotes.
    private static func safe(_ filename: String) -> String {
        String(
            filename.unicodeScalars.map { scalar in
                let isSafe =
                    scalar.value > 0x1F && scalar != "\"" && scalar != "\\" && scalar != "/" && scalar != "\u{7F}"
                return isSafe ? Character(scalar) : "_"
            })
    }

    /// The form's bytes in order.
    struct Pieces: AsyncSequence, Sendable {
        let form: MultipartFile
        let progress: CallProgress

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(form: form, progress: progress) }

        struct AsyncIterator: AsyncIteratorProtocol {
            private enum Place { case head, file, tail, end }

            let form: MultipartFile
            let progress: CallProgress
            private var place = Place.head
            private var handle: FileHandle?
            private var rest: Int

            init(form: MultipartFile, progress: CallProgress) {
                self.form = form
                self.progress = progress
                rest = form.fileBytes
            }

            mutating func next() async throws -> ByteBuffer? {
                progress.bodyWentOut()
                switch place {
                case .head:
                    handle = try FileHandle(forReadingFrom: form.file)
                    place = .file
                    return ByteBuffer(bytes: form.head)
                case .file where rest > 0:
                    let piece = try handle?.read(upToCount: Swift.min(rest, 1 << 16)) ?? Data()
                    guard !piece.isEmpty else {
                        throw GraphError(.fileUnavailable, "upload media: the file became shorter while it was read")
                    }
                    rest -= piece.count
                    return ByteBuffer(bytes: piece)
                case .file, .tail:
                    try handle?.close()
                    handle = nil
                    place = .end
                    return ByteBuffer(bytes: form.tail)
                case .end:
                    return nil
                }
            }
        }
    }
}
