import Foundation

/// What a user gave us to be let through to them.
struct PrivacyToken: Hashable {
    /// The longest that is believed, in bytes.
    static let longest = 1_024
    private static let version: UInt8 = 1
    /// A token is good in the week that it was issued in, and in three more.
    private static let week: Int64 = 7 * 86_400
    private static let weeks: Int64 = 4

    let bytes: [UInt8]
    /// Seconds since 1970.
    let issuedAt: Int64

    /// - Returns: nil for a token that nobody would issue.
    init?(_ bytes: [UInt8], issuedAt: Int64) {
        guard (1...Self.longest).contains(bytes.count), issuedAt >= 0 else { return nil }
        self.bytes = bytes
        self.issuedAt = issuedAt
    }

    /// Whether it lets us through still.
    func isValid(at now: Date) -> Bool {
        Int64(now.timeIntervalSince1970) / Self.week - issuedAt / Self.week < Self.weeks
    }

    /// A byte of version, 8 of time, the token.
    var serialized: [UInt8] {
        [Self.version] + (0..<8).map { UInt8(truncatingIfNeeded: issuedAt >> (56 - 8 * Int64($0))) } + bytes
    }

    init?(serialized bytes: [UInt8]) {
        guard bytes.count > 9, bytes[0] == Self.version else { return nil }
        self.init(Array(bytes[9...]), issuedAt: bytes[1...8].reduce(0) { $0 << 8 | Int64($1) })
    }
}
