extension FoldedText {
    /// The ASCII byte that a scalar reads as; `nil` for what is not seen.
    static func reading(of value: UInt32) -> UInt8? {
        switch value {
        case 0x09, 0x0A, 0x0D, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000:
            return UInt8(ascii: " ")
        case 0x20..<0x7F: return UInt8(value)
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x0300...0x036F, 0x180E, 0x200B, 0x20E3, 0xFE00...0xFE0F,
            0xE0000...0xE0FFF:
            return nil
        // Zero-width joiners, between the letters of some scripts.
        case 0x200C, 0x200D: return nil
        case _ where [UInt8].isHidden(value): return nil
        case 0xFF01...0xFF5E: return UInt8(value - 0xFEE0)
        case 0x05BE, 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63: return UInt8(ascii: "-")
        case 0x00B7, 0x2024, 0x3002, 0xFE52: return UInt8(ascii: ".")
        case 0xFE6B: return UInt8(ascii: "@")
        case 0x207A, 0x208A, 0xFE62: return UInt8(ascii: "+")
        default: break
        }
        guard let scalar = UnicodeScalar(value) else { return Signs.otherSign }
        switch scalar.properties.numericType {
        case .decimal, .digit:
            guard let number = scalar.properties.numericValue, (0...9).contains(number) else { return Signs.otherSign }
            return UInt8(ascii: "0") + UInt8(number)
        default: return scalar.properties.isAlphabetic ? Signs.otherLetter : Signs.otherSign
        }
    }
}
