/// A name by which a network itself knows a person, whatever their number: a business-scoped user id such as
/// `US.13491208655302741918` (Cloud API), or a hidden id such as `100000000000001@lid` (linked account).
public struct NetworkID: Hashable, Sendable, Codable, CustomStringConvertible {
    public let text: String

    /// Reads a name; `nil` when it has neither form.
    public init?(_ text: some StringProtocol) {
        let isHidden =
            text.hasSuffix("@lid") && (1...20).contains(text.utf8.count - 4)
            && text.utf8.dropLast(4).allSatisfy { (0x30...0x39).contains($0) }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let isScoped =
            parts.count == 2 && parts[0].utf8.count == 2 && (1...128).contains(parts[1].utf8.count)
            && parts[0].utf8.allSatisfy { (0x41...0x5A).contains($0) }
            && parts[1].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") }
        guard isHidden || isScoped else { return nil }
        self.text = String(text)
    }

    /// The kind of value without the name.
    public var description: String { "NetworkID(…)" }
}
