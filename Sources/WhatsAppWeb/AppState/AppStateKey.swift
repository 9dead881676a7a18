import Crypto

/// A key that the phone gave us for the app state. It does not print.
struct AppStateKey: Sendable, Hashable, CustomStringConvertible {
    /// 6 bytes: device (2) and epoch (4); not a secret.
    let id: [UInt8]
    /// 32 bytes.
    let data: [UInt8]

    /// The longest id that is taken, in bytes.
    static let longestID = 32

    /// - Returns: nil if the lengths are wrong.
    init?(id: [UInt8], data: [UInt8]) {
        guard !id.isEmpty, id.count <= Self.longestID, data.count == 32 else { return nil }
        self.id = id
        self.data = data
    }

    var description: String { "app state key \(AppStateKey.name(of: id))" }

    /// The id as text.
    static func name(of id: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: id.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// The five keys that are made from one key of the app state.
struct AppStateKeys: Sendable {
    let id: [UInt8]
    let index: SymmetricKey
    let value: SymmetricKey
    let valueMAC: SymmetricKey
    let snapshotMAC: SymmetricKey
    let patchMAC: SymmetricKey

    init(_ key: AppStateKey) {
        let bytes = Self.expand(key)
        id = key.id
        index = SymmetricKey(data: bytes[..<32])
        value = SymmetricKey(data: bytes[32..<64])
        valueMAC = SymmetricKey(data: bytes[64..<96])
        snapshotMAC = SymmetricKey(data: bytes[96..<128])
        patchMAC = SymmetricKey(data: bytes[128...])
    }

    /// All 160 bytes: HKDF-SHA256 without salt.
    static func expand(_ key: AppStateKey) -> [UInt8] {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key.data), info: Array("WhatsApp Mutation Keys".utf8),
            outputByteCount: 160
        ).withUnsafeBytes { Array($0) }
    }
}

/// The keys of the app state that we have.
struct AppStateKeyRing: Sendable {
    private var keys: [[UInt8]: AppStateKeys] = [:]

    init(_ keys: some Sequence<AppStateKey> = []) {
        for key in keys { add(key) }
    }

    mutating func add(_ key: AppStateKey) { keys[key.id] = AppStateKeys(key) }

    /// - Throws: `WebError` with `appStateKeyMissing`; `AppStateDecoder.keyIDs` says which are needed.
    func keys(_ id: [UInt8]) throws(WebError) -> AppStateKeys {
        guard let keys = keys[id] else {
            throw WebError(
                .appStateKeyMissing, "app state key \(AppStateKey.name(of: Array(id.prefix(16)))) is not there yet")
        }
        return keys
    }

    /// Whether there is a key of that id.
    func has(_ id: [UInt8]) -> Bool { keys[id] != nil }
}
