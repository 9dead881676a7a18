/// An answer by HTTP.
struct WebReply: Sendable {
    var status = 200
    var contentType = "application/json; charset=utf-8"
    var body: [UInt8] = []

    /// JSON.
    static func json(_ json: EmulatorJSON, status: Int = 200) -> WebReply {
        WebReply(status: status, body: json.encoded())
    }

    /// A file.
    static func file(_ bytes: [UInt8]) -> WebReply { WebReply(contentType: "application/octet-stream", body: bytes) }

    /// A text of some kind.
    static func text(_ text: String, _ contentType: String = "text/html; charset=utf-8") -> WebReply {
        WebReply(contentType: contentType, body: Array(text.utf8))
    }

    /// An error of the control API.
    static func failure(_ reason: String, status: Int = 400) -> WebReply {
        .json(["error": .string(reason)], status: status)
    }
}
