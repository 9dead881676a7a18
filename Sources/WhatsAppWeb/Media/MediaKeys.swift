import Crypto

/// The keys of one file, made from its media key.
struct MediaKeys {
    /// 16 bytes.
    let iv: [UInt8]
    let cipherKey: SymmetricKey
    let macKey: SymmetricKey

    /// How long the MAC behind a ciphertext is.
    static let macByteCount = 10
    /// The size of a block of the cipher.
    static let blockByteCount = 16

    /// HKDF-SHA256 without salt: IV (16 bytes), cipher key (32), MAC key (32) and a key (32) that nobody uses.
    /// - Throws: `WebError` with `invalid` unless the key has 32 bytes.
    init(_ mediaKey: [UInt8], kind: MediaKind) throws(WebError) {
        guard mediaKey.count == MediaReference.keyByteCount else {
            throw WebError(.invalid, "a media key must have 32 bytes, not \(mediaKey.count)")
        }
        let expanded = MediaKeys.expand(mediaKey, kind)
        iv = Array(expanded[..<16])
        cipherKey = SymmetricKey(data: expanded[16..<48])
        macKey = SymmetricKey(data: expanded[48..<80])
    }

    /// All 112 bytes.
    static func expand(_ mediaKey: [UInt8], _ kind: MediaKind) -> [UInt8] {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: mediaKey), info: Array(kind.keyInfo.utf8), outputByteCount: 112
        ).withUnsafeBytes { Array($0) }
    }

    /// How long the ciphertext of so many bytes is, with its MAC.
    static func sealedByteCount(of plain: Int) -> Int {
        (plain / blockByteCount + 1) * blockByteCount + macByteCount
    }
}
