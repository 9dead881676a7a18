/// A telephone number in E.164 form without the plus sign: 7 to 15 digits.
public struct PhoneNumber: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The digits, country code first.
    public let digits: String

    /// Reads `+1 (555) 000-0001`, `15550000001` or `15550000001@c.us`; `nil` when that is no number.
    public init?(_ text: some StringProtocol) {
        let local = text.prefix { $0 != "@" }
        guard local.allSatisfy({ $0.isASCII && ($0.isNumber || " +-().".contains($0)) }) else { return nil }
        let digits = local.filter { $0.isNumber }
        guard (7...15).contains(digits.count) else { return nil }
        self.digits = String(digits)
    }

    /// The kind of value without the number.
    public var description: String { "PhoneNumber(…)" }
}
