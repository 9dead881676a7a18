/// Which files Meta takes (Meta, Cloud API, Media: supported types and sizes).
enum MediaKinds {
    private static let limits: [(kind: String, types: Set<String>, bytes: Int)] = [
        ("audio", ["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"], 16 << 20),
        ("sticker", ["image/webp"], 500 << 10),
        ("image", ["image/jpeg", "image/png"], 5 << 20),
        ("video", ["video/mp4", "video/3gpp"], 16 << 20),
    ]
    private static let documentTypes: Set<String> = [
        "text/plain", "application/pdf", "application/vnd.ms-powerpoint", "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
    private static let documentBytes = 100 << 20

    /// The longest upload that is read.
    static let maximumBytes = 100 << 20

    /// The type without its parameters, in lower case: `audio/ogg; codecs=opus` becomes `audio/ogg`.
    static func base(_ mimeType: String) -> String {
        String(mimeType.prefix { $0 != ";" }).lowercased().filter { !$0.isWhitespace }
    }

    /// Refuses an upload of a type or size that Meta does not take.
    static func check(mimeType: String, bytes: Int) throws(EmulatedError) {
        let type = base(mimeType)
        let limit =
            limits.first { $0.types.contains(type) }?.bytes ?? (documentTypes.contains(type) ? documentBytes : nil)
        guard let limit else {
            let known = limits.flatMap { $0.types.sorted() } + documentTypes.sorted()
            throw .invalidParameter(
                "Param file must be a file with one of the following types: \(known.joined(separator: ", ")).")
        }
        guard bytes > 0 else { throw .invalidParameter("Param file must not be empty.") }
        guard bytes <= limit else {
            throw EmulatedError(code: 131053, details: "The file is larger than \(limit) bytes, the most for \(type)")
        }
    }

    /// Whether media of `mimeType` can be sent as `kind`; documents take everything.
    static func fits(_ mimeType: String, _ kind: String) -> Bool {
        guard let limit = limits.first(where: { $0.kind == kind }) else { return true }
        return limit.types.contains(base(mimeType))
    }
}
