/// The padding that WhatsApp puts round a message before Signal encrypts it: n bytes of value n.
public enum MessagePadding {
    /// The bytes with 1 to 16 more, as many as chance says.
    public static func add(
        to bytes: [UInt8], using generator: inout some RandomNumberGenerator
    ) -> [UInt8] {
        let count = Int.random(in: 1...16, using: &generator)
        return bytes + [UInt8](repeating: UInt8(count), count: count)
    }

    /// The bytes with 1 to 16 more, as many as chance says.
    public static func add(to bytes: [UInt8]) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return add(to: bytes, using: &generator)
    }

    /// The bytes without their padding, whose last byte says how long it is; the others are not looked at.
    /// - Throws: `.malformed` for no bytes, or a padding of 0 or of more than there is.
    public static func remove(from bytes: [UInt8]) throws(SignalError) -> [UInt8] {
        guard let last = bytes.last, last > 0, Int(last) <= bytes.count else {
            throw .malformed("the message inside has no valid padding")
        }
        return Array(bytes.dropLast(Int(last)))
    }
}
