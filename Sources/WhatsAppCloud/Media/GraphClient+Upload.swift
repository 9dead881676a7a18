public import Foundation
import NIOHTTP1

extension GraphClient {
    /// Uploads a file from disk, piece by piece; its id is valid for 30 days, for this number.
    /// - Parameters:
    ///   - mimeType: one of `MediaFormat.all`; the file's first bytes must fit it.
    ///   - filename: must end in an ending of the format; without one a neutral name is given.
    /// - Throws: `GraphError`; `.mediaMismatch`, `.mediaTooLarge` and `.fileUnavailable` before anything is sent.
    public func upload(_ file: URL, mimeType: String, filename: String? = nil) async throws(GraphError) -> MediaID {
        guard let format = MediaFormat(mimeType: mimeType) else {
            throw GraphError(.mediaMismatch, "upload media: the API does not take this type; see MediaFormat.all")
        }
        let name = filename ?? "file.\(format.extensions[0])"
        guard format.extensions.contains(where: { name.lowercased().hasSuffix(".\($0)") }) else {
            let endings = format.extensions.joined(separator: ", ")
            throw GraphError(.mediaMismatch, "upload media: the file's name must end in \(endings)")
        }
        let (bytes, start) = try Self.inspect(file)
        guard format.fits(start) else {
            throw GraphError(.mediaMismatch, "upload media: the bytes are not \(format.mimeType)")
        }
        let isStill = format.kind == .sticker && !MediaFormat.isAnimated(start)
        let limit = isStill ? MediaFormat.stillStickerBytes : format.kind.maximumBytes
        guard bytes <= limit else {
            throw GraphError(.mediaTooLarge, "upload media: \(format.kind) of \(bytes) bytes, the limit is \(limit)")
        }
        let form = MultipartFile(
            file: file, fileBytes: bytes, filename: name, mimeType: format.mimeType,
            fields: [("messaging_product", "whatsapp"), ("type", format.mimeType)],
            boundary: "martlet-" + UUID().uuidString)
        let request = GraphRequest(
            operation: "upload media", method: .POST, path: [phoneNumberID, "media"], body: .multipart(form))
        let answer = try await call(request)
        guard let id = MediaID(answer.json["id"]) else {
            throw GraphError(.unreadableAnswer, "upload media: the answer has no id")
        }
        return id
    }

    /// The size of a file and its first bytes.
    private static func inspect(_ file: URL) throws(GraphError) -> (bytes: Int, start: [UInt8]) {
        do {
            let handle = try FileHandle(forReadingFrom: file)
            defer { try? handle.close() }
            let start = try handle.read(upToCount: 64) ?? Data()
            let bytes = try handle.seekToEnd()
            guard bytes > 0 else { throw GraphError(.mediaMismatch, "upload media: the file is empty") }
            return (Int(bytes), Array(start))
        } catch let known as GraphError {
            throw known
        } catch {
            throw GraphError(.fileUnavailable, "upload media: the file cannot be read", underlying: error)
        }
    }
}
