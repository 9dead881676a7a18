import Crypto
import Foundation

/// A file on the emulated media host.
struct StoredMedia: Sendable {
    let id: String
    let bytes: [UInt8]
    let mimeType: String
    let filename: String?
    /// SHA-256 of the bytes, 32 bytes.
    let digest: [UInt8]
    let phoneNumberID: String
    /// After this time the id is unknown: 30 days for uploads, 7 days for what users sent.
    let expires: Date

    /// The hash as `GET /{media-id}` gives it.
    var digestHex: String { digest.map(Identifiers.hexByte).joined() }
    /// The hash as webhooks give it.
    var digestBase64: String { Data(digest).base64EncodedString() }
}

/// The files of the media host, within a limit of bytes, and their short-lived addresses.
struct MediaStore {
    private static let addressLife: TimeInterval = 5 * 60
    private let capacityBytes: Int
    private var files: [String: StoredMedia] = [:]
    private var order: [String] = []
    private var bytes = 0
    private let key = SymmetricKey(size: .bits256)

    init(capacityBytes: Int) { self.capacityBytes = capacityBytes }

    /// How many files there are.
    var count: Int { files.count }

    mutating func add(
        _ content: [UInt8], mimeType: String, filename: String?, phoneNumberID: String, at time: Date, isIncoming: Bool
    ) -> StoredMedia {
        let media = StoredMedia(
            id: Identifiers.numeric(), bytes: content, mimeType: mimeType, filename: filename,
            digest: Array(SHA256.hash(data: content)), phoneNumberID: phoneNumberID,
            expires: time.addingTimeInterval((isIncoming ? 7 : 30) * 24 * 3600))
        files[media.id] = media
        order.append(media.id)
        bytes += content.count
        while bytes > capacityBytes, order.count > 1 { remove(order[0]) }
        return media
    }

    func media(_ id: String, at time: Date) -> StoredMedia? {
        files[id].flatMap { $0.expires > time ? $0 : nil }
    }

    mutating func remove(_ id: String) {
        guard let media = files.removeValue(forKey: id) else { return }
        bytes -= media.bytes.count
        order.removeAll { $0 == id }
    }

    /// The path and query of the file's address, good for 5 minutes.
    func address(of id: String, at time: Date) -> String {
        let end = Int(time.timeIntervalSince1970 + Self.addressLife)
        return "/whatsapp_business/attachments/?mid=\(id)&ext=\(end)&hash=\(tag(id, end))"
    }

    /// The file at an address; `nil` when the address is forged or too old, or the file is gone.
    func media(id: String, end: Int, hash: String, at time: Date) -> StoredMedia? {
        guard Double(end) > time.timeIntervalSince1970, constantTimeEqual(hash, tag(id, end)) else { return nil }
        return media(id, at: time)
    }

    private func tag(_ id: String, _ end: Int) -> String {
        HMAC<SHA256>.authenticationCode(for: Data("\(id) \(end)".utf8), using: key).prefix(16).map(Identifiers.hexByte)
            .joined()
    }
}

/// Compares secrets in a time that does not tell where they differ.
func constantTimeEqual(_ left: String, _ right: String) -> Bool {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
