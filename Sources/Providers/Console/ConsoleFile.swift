import BotKit
import Foundation

/// A file that the user of the console sends by naming its path.
struct ConsoleFile: Sendable, Hashable {
    let path: String

    /// - Parameter path: as typed; `~` is the user's home, a relative path starts at the current directory.
    init(typed path: String) {
        let expanded = (path as NSString).expandingTildeInPath
        self.path = URL(fileURLWithPath: expanded).standardizedFileURL.path
    }

    init(path: String) { self.path = path }

    /// The file as a message carries it, of the kind that its name or `mimeType` says.
    /// - Throws: `FileProblem` when there is no such file.
    func media(mimeType: String? = nil, caption: String?) throws(FileProblem) -> Media {
        _ = try RegularFile(path: path).size()
        let name = URL(fileURLWithPath: path).lastPathComponent
        let type = (mimeType ?? Self.types[(name as NSString).pathExtension.lowercased()] ?? "application/octet-stream")
            .prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        return Media(
            kind: Self.kind(of: type), reference: path, mimeType: type, caption: caption, fileName: name)
    }

    /// - Throws: `Refusal` when it is larger than `maxBytes`, `Outage` when it cannot be read.
    func load(maxBytes: Int) throws -> Data {
        do {
            return try RegularFile(path: path).read(maxBytes: maxBytes)
        } catch .tooLarge {
            let limit = maxBytes.formatted(.byteCount(style: .file))
            throw Refusal(.fileTooLarge.with(["limit": limit]), reason: "media_too_large")
        } catch {
            throw Outage("disk", "a file that was named in the console \(error.rawValue)")
        }
    }

    /// A voice note is an Ogg file, as on WhatsApp.
    private static func kind(of type: String) -> Media.Kind {
        if type == "audio/ogg" || type == "audio/opus" { return .voice }
        return switch type.prefix(while: { $0 != "/" }) {
        case "image": .image
        case "video": .video
        case "audio": .audio
        default: .document
        }
    }

    private static let types = [
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
        "heic": "image/heic", "bmp": "image/bmp", "tif": "image/tiff", "tiff": "image/tiff", "svg": "image/svg+xml",
        "mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm", "3gp": "video/3gpp",
        "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "mp3": "audio/mpeg", "m4a": "audio/mp4",
        "aac": "audio/aac", "amr": "audio/amr", "wav": "audio/wav", "flac": "audio/flac",
        "pdf": "application/pdf", "txt": "text/plain", "md": "text/markdown", "csv": "text/csv", "html": "text/html",
        "ics": "text/calendar", "vcf": "text/vcard", "json": "application/json", "zip": "application/zip",
        "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ]
}

extension Text {
    fileprivate static let fileTooLarge = Text(
        "console.file_too_large", en: "That file is larger than {limit}.", he: "הקובץ הזה גדול מ־{limit}.")
}
