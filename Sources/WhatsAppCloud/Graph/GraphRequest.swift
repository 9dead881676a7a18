import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// One call to make.
struct GraphRequest {
    enum Body {
        case none
        case json(GraphBody)
        /// Streamed, with a length that is known before.
        case multipart(MultipartFile)
    }

    /// What is done, for errors: a verb and a noun, no data.
    let operation: String
    let method: HTTPMethod
    /// Parts of the path behind the version; each is checked, as ids come from outside.
    let path: [String]
    var query: [(name: String, value: String)] = []
    var body = Body.none
    /// Whether an answer that is an error is handed back too, for calls that put results beside it.
    var readsErrors = false

    /// The whole address.
    func url(_ configuration: GraphConfiguration) throws(GraphError) -> String {
        for part in path where !Self.isSafe(part) {
            throw GraphError(.invalidMessage, "\(operation): an id in the address has an unknown shape")
        }
        let address = ([configuration.baseURL, configuration.version] + path).joined(separator: "/")
        guard !query.isEmpty else { return address }
        let pairs = query.map { "\(Self.escape($0.name))=\(Self.escape($0.value))" }
        return address + "?" + pairs.joined(separator: "&")
    }

    /// Whether an id can stand in a path: 1 to 256 letters, digits, `_`, `-`, `=`, `:`, `.`, and not only dots.
    static func isSafe(_ id: String) -> Bool {
        let isKnown = id.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x3D, 0x3A, 0x2E: true
            default: false
            }
        }
        return isKnown && (1...256).contains(id.utf8.count) && id.contains { $0 != "." }
    }

    private static func escape(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\u{0}"..."\u{7F}"))
        allowed.insert(charactersIn: "-_.,")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
}

/// What came back, with a status of 200 to 299; or an error, if it was asked for.
struct GraphAnswer {
    let status: Int
    let json: JSON
    var failure: GraphError?
}
