/// What each byte may be a part of.
enum Signs {
    static let letter: UInt8 = 1
    static let digit: UInt8 = 2
    /// `_` and `-`, which hold words together.
    static let joint: UInt8 = 4
    /// May stand in the local part of a mail address.
    static let local: UInt8 = 8
    /// May stand in a token besides letters, digits and joints.
    static let token: UInt8 = 16
    /// Without one of these a line is left as it is.
    static let trigger: UInt8 = 32
    /// Reads as something else than it is.
    static let fold: UInt8 = 64
    /// Ends a value: a blank, a quote or an angle bracket.
    static let end: UInt8 = 128

    /// Of a folded text: a sign that is neither a letter nor ends anything.
    static let otherSign: UInt8 = 1
    /// Of a folded text: a blank that was written as `%20`.
    static let hiddenBlank: UInt8 = 2
    /// Of a folded text: a letter of another script.
    static let otherLetter: UInt8 = 0x80

    static let of: [UInt8] = (0...255).map { byte -> UInt8 in
        switch UInt8(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): letter | local
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit | local | trigger
        case UInt8(ascii: "-"), UInt8(ascii: "_"): joint | local | trigger
        case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "~"): local | token
        case UInt8(ascii: "/"): token
        case UInt8(ascii: "@"), UInt8(ascii: "?"), UInt8(ascii: "="), UInt8(ascii: ":"): trigger
        case UInt8(ascii: "%"), UInt8(ascii: "\\"): fold
        case UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "`"):
            end
        case 0..<0x20, 0x7F: fold
        case otherLetter: fold | local
        case 0x81...: fold
        default: 0
        }
    }
}
