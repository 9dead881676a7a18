/// The bytes of binary XML that are no tokens of the first dictionary.
enum NodeByte {
    static let listEmpty: UInt8 = 0
    /// The first of four dictionaries whose tokens take two bytes.
    static let dictionary0: UInt8 = 236
    static let dictionary3: UInt8 = 239
    static let interopJID: UInt8 = 245
    static let messengerJID: UInt8 = 246
    static let deviceJID: UInt8 = 247
    static let list8: UInt8 = 248
    static let list16: UInt8 = 249
    static let jidPair: UInt8 = 250
    static let hex8: UInt8 = 251
    static let binary8: UInt8 = 252
    static let binary20: UInt8 = 253
    static let binary32: UInt8 = 254
    static let nibble8: UInt8 = 255

    /// The longest text that is packed, in characters.
    static let longestPacked = 127
}
