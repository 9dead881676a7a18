/// A request that was read whole.
struct PlainRequest: Sendable {
    let method: Substring
    /// Path and query.
    let target: Substring
    let body: ArraySlice<UInt8>

    /// What stands at the front of `bytes`.
    enum Reading {
        case request(PlainRequest, length: Int)
        case incomplete
        /// Not HTTP/1.1 with a `Content-Length`, which is all that our peers are sent.
        case unreadable
    }

    static func read(_ bytes: ArraySlice<UInt8>) -> Reading {
        guard let end = endOfHead(in: bytes) else { return bytes.count > 64 << 10 ? .unreadable : .incomplete }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return .unreadable }
        var length = 0
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { return .unreadable }
            let name = line[..<colon].lowercased()
            if name == "transfer-encoding" { return .unreadable }
            guard name == "content-length" else { continue }
            guard let number = Int(line[line.index(after: colon)...].drop { $0 == " " }), number >= 0 else {
                return .unreadable
            }
            length = number
        }
        guard bytes.endIndex - end >= length else { return .incomplete }
        let request = PlainRequest(method: words[0], target: words[1], body: bytes[end..<end + length])
        return .request(request, length: end - bytes.startIndex + length)
    }

    /// The index behind the empty line.
    private static func endOfHead(in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return bytes.withUnsafeBufferPointer { buffer in
            var index = 3
            while index < buffer.count {
                // Only the last byte of the mark is looked at until it fits.
                if buffer[index] == 10, buffer[index - 1] == 13, buffer[index - 2] == 10, buffer[index - 3] == 13 {
                    return bytes.startIndex + index + 1
                }
                index += 1
            }
            return nil
        }
    }
}

/// What is answered, and when.
struct PlainResponse: Sendable {
    var status = "200 OK"
    var contentType = "application/json"
    var body: [UInt8]
    /// How long the answer is held back.
    var delay = Duration.zero

    init(_ body: String) { self.body = Array(body.utf8) }

    init(contentType: String, _ body: [UInt8]) {
        self.contentType = contentType
        self.body = body
    }

    static var notFound: PlainResponse {
        var response = PlainResponse(#"{"error":{"message":"unknown path","type":"stub","code":100}}"#)
        response.status = "404 Not Found"
        return response
    }

    var bytes: [UInt8] {
        let head = "HTTP/1.1 \(status)\r\nContent-Type: \(contentType)\r\nContent-Length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }
}
