/// An id that the network gave us and that we only pass back: opaque, compared as it is.
public protocol OpaqueID: RawRepresentable<String>, Hashable, Sendable, ExpressibleByStringLiteral {
    /// Takes the id as it was written.
    init(rawValue: String)
}

extension OpaqueID {
    /// Takes the id as it was written, for constants.
    public init(stringLiteral value: String) { self.init(rawValue: value) }

    init?(_ json: JSON?) {
        guard let text = json?.identifier else { return nil }
        self.init(rawValue: text)
    }
}

/// The id of one message, `wamid.` and base64.
public struct WhatsAppMessageID: OpaqueID {
    /// The id as the network wrote it.
    public let rawValue: String
    /// Takes the id as it was written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// The id of one of our own numbers, digits; not the number itself.
public struct PhoneNumberID: OpaqueID {
    /// The id as the network wrote it.
    public let rawValue: String
    /// Takes the id as it was written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// The id of a WhatsApp Business Account (WABA), digits.
public struct BusinessAccountID: OpaqueID {
    /// The id as the network wrote it.
    public let rawValue: String
    /// Takes the id as it was written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A user's phone number in international form, digits without `+`.
public struct WhatsAppUserNumber: OpaqueID {
    /// The number as the network wrote it.
    public let rawValue: String
    /// Takes the number as it was written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// The id of a stored media file; incoming ones live 7 days, uploaded ones 30.
public struct MediaID: OpaqueID {
    /// The id as the network wrote it.
    public let rawValue: String
    /// Takes the id as it was written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// The id of a group of the official API.
public struct WhatsAppGroupID: OpaqueID {
    /// The id as the network wrote it.
    public let rawValue: String
    /// Takes the id as it was written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// The id that stands for one user towards one business portfolio (BSUID), with or without a known phone number.
///
/// Shape: two capital letters of the country, a dot, `ENT.` for a parent id, 1 to 128 letters and digits
/// (Meta, Business-scoped user IDs). A user who changes the number gets a new one.
public struct BusinessScopedUserID: OpaqueID {
    /// The id as the network wrote it.
    public let rawValue: String
    /// Takes the id as it was written, whatever its shape: see `isWellFormed`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Whether the id has the documented shape; only such an id is ever sent to.
    public var isWellFormed: Bool {
        var rest = Array(rawValue.utf8)[...]
        guard rest.prefix(2).allSatisfy({ (0x41...0x5A).contains($0) }), rest.dropFirst(2).first == 0x2E else {
            return false
        }
        rest = rest.dropFirst(3)
        if rest.starts(with: Array("ENT.".utf8)) { rest = rest.dropFirst(4) }
        return (1...128).contains(rest.count) && rest.allSatisfy(Self.isLetterOrDigit)
    }

    /// Whether the id is one of a parent portfolio.
    public var isParent: Bool { isWellFormed && rawValue.utf8.dropFirst(3).starts(with: "ENT.".utf8) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
