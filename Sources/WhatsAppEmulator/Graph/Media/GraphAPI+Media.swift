extension GraphAPI {
    /// `POST /{phone-number-id}/media`: a multipart form with `messaging_product`, `type` and `file`.
    func upload(_ call: EmulatorCall, _ number: BusinessNumber) async throws -> EmulatorReply {
        let form = try MultipartForm(call.body, contentType: call.contentType)
        guard form["messaging_product"]?.text == "whatsapp" else {
            throw EmulatedError.invalidParameter("The parameter messaging_product is required.")
        }
        guard let file = form["file"] else { throw EmulatedError.invalidParameter("The parameter file is required.") }
        let type = file.contentType ?? form["type"]?.text ?? "application/octet-stream"
        try MediaKinds.check(mimeType: type, bytes: file.bytes.count)
        let media = await world.store(
            Array(file.bytes), mimeType: type, filename: file.filename, number: number, isIncoming: false)
        return .json(["id": .string(media.id)])
    }

    /// `GET` and `DELETE /{media-id}`.
    func answer(_ call: EmulatorCall, media id: String) async throws -> EmulatorReply {
        guard call.method == "GET" || call.method == "DELETE", let media = await world.mediaFile(id),
            call.query["phone_number_id"].map({ $0 == media.phoneNumberID }) ?? true
        else { throw EmulatedError.unknownObject(id, method: call.method) }
        guard call.method == "GET" else {
            await world.removeMedia(id)
            return .json(["success": true])
        }
        let address = await world.mediaAddress(id)
        return .json([
            "messaging_product": "whatsapp", "url": .string("http://\(call.host)\(address)"),
            "mime_type": .string(media.mimeType), "sha256": .string(media.digestHex),
            "file_size": .integer(media.bytes.count), "id": .string(media.id),
        ])
    }

    /// The media host: an address of the last 5 minutes and the access token give the file.
    func download(_ call: EmulatorCall) async throws -> EmulatorReply {
        try authorize(call)
        guard let id = call.query["mid"], let end = call.query["ext"].flatMap({ Int($0) }),
            let hash = call.query["hash"],
            let media = await world.mediaFile(id, end: end, hash: hash)
        else { return .text("Not found: the address is older than 5 minutes, or the file is gone.\n", status: 404) }
        return .file(media)
    }
}

extension GraphWorld {
    /// Puts a file on the media host.
    func store(
        _ bytes: [UInt8], mimeType: String, filename: String?, number: BusinessNumber, isIncoming: Bool
    ) -> StoredMedia {
        media.add(
            bytes, mimeType: mimeType, filename: filename, phoneNumberID: number.phoneNumberID, at: now,
            isIncoming: isIncoming)
    }

    func mediaFile(_ id: String) -> StoredMedia? { media.media(id, at: now) }

    func mediaFile(_ id: String, end: Int, hash: String) -> StoredMedia? {
        media.media(id: id, end: end, hash: hash, at: now)
    }

    func mediaAddress(_ id: String) -> String { media.address(of: id, at: now) }

    func removeMedia(_ id: String) { media.remove(id) }
}
