/// The parts of a `multipart/form-data` body (RFC 7578).
struct MultipartForm {
    /// One part.
    struct Part {
        let name: String
        let filename: String?
        let contentType: String?
        let bytes: ArraySlice<UInt8>

        /// The bytes as text.
        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    private static let maximumParts = 32
    private static let maximumHeaderBytes = 4096
    private(set) var parts: [Part] = []

    /// - Parameter contentType: the `Content-Type` of the request, which names the boundary.
    init(_ body: [UInt8], contentType: String) throws(EmulatedError) {
        guard contentType.lowercased().hasPrefix("multipart/form-data"),
            let boundary = Self.parameter("boundary", of: contentType), (1...200).contains(boundary.utf8.count)
        else { throw .invalidParameter("The body must be multipart/form-data with a boundary.") }
        let mark = Array("--\(boundary)".utf8)
        guard body.starts(with: mark) else { throw .invalidParameter("The body does not start with its boundary.") }
        let separator = [13, 10] + mark
        var position = mark.count
        while position + 2 <= body.count, body[position] == 13, body[position + 1] == 10 {
            position += 2
            guard parts.count < Self.maximumParts, let end = Self.find(separator, in: body, from: position) else {
                throw .invalidParameter("The body has too many parts or no last boundary.")
            }
            parts.append(try Self.part(body[position..<end]))
            position = end + separator.count
        }
        guard position + 2 <= body.count, body[position] == 0x2D, body[position + 1] == 0x2D else {
            throw .invalidParameter("The body does not end with its boundary.")
        }
    }

    /// The part called `name`.
    subscript(name: String) -> Part? { parts.first { $0.name == name } }

    private static func part(_ bytes: ArraySlice<UInt8>) throws(EmulatedError) -> Part {
        let gap: [UInt8] = [13, 10, 13, 10]
        let window = bytes.prefix(maximumHeaderBytes)
        guard let end = find(gap, in: Array(window), from: 0) else {
            throw .invalidParameter("A part of the body has no header.")
        }
        var disposition = ""
        var contentType: String?
        for line in String(decoding: window.prefix(end), as: UTF8.self).split(whereSeparator: \.isNewline) {
            let lower = line.lowercased()
            if lower.hasPrefix("content-disposition:") { disposition = String(line) }
            if lower.hasPrefix("content-type:") {
                contentType = String(line.dropFirst("content-type:".count).drop { $0.isWhitespace })
            }
        }
        guard let name = parameter("name", of: disposition) else {
            throw .invalidParameter("A part of the body has no name.")
        }
        return Part(
            name: name, filename: parameter("filename", of: disposition), contentType: contentType,
            bytes: bytes.dropFirst(end + gap.count))
    }

    /// The value of `name` in a header such as `form-data; name="file"; filename="a.png"`.
    private static func parameter(_ name: String, of header: String) -> String? {
        for field in header.split(separator: ";").dropFirst() {
            let field = field.drop { $0.isWhitespace }
            guard field.lowercased().hasPrefix("\(name)=") else { continue }
            let value = field.dropFirst(name.count + 1)
            return value.hasPrefix("\"") ? String(value.dropFirst().prefix { $0 != "\"" }) : String(value)
        }
        return nil
    }

    private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first, bytes.count >= pattern.count else { return nil }
        var position = start
        while position + pattern.count <= bytes.count {
            if bytes[position] == first, bytes[position..<(position + pattern.count)].elementsEqual(pattern) {
                return position
            }
            position += 1
        }
        return nil
    }
}
