import Testing
import WhatsAppKeys

@testable import WhatsAppWire

@Suite struct SessionCiphersTests {
    let key = SecretBytes([UInt8](repeating: 9, count: 32))

    private func data(_ sealing: inout SealingCipher, _ text: String) throws -> [UInt8] {
        Array(try sealing.frame(Array(text.utf8)).dropFirst(3))
    }

    @Test func `repeated, reordered and damaged messages are refused and the next right one still opens`() throws {
        var sealing = SealingCipher(try FrameCipher(key: key))
        var opening = OpeningCipher(try FrameCipher(key: key))
        let (one, two) = (try data(&sealing, "one"), try data(&sealing, "two"))
        #expect(code { _ = try opening.open(two) } == .authentication)
        for index in one.indices {
            var damaged = one
            damaged[index] ^= 1
            #expect(code { _ = try opening.open(damaged) } == .authentication)
        }
        #expect(try opening.open(one) == Array("one".utf8))
        #expect(code { _ = try opening.open(one) } == .authentication)
        #expect(try opening.open(two) == Array("two".utf8))
        #expect(code { _ = try opening.open([1, 2, 3]) } == .authentication)
    }

    @Test func `a counter never comes twice`() throws {
        var sealing = SealingCipher(try FrameCipher(key: key, counter: UInt64(UInt32.max)))
        var opening = OpeningCipher(try FrameCipher(key: key, counter: UInt64(UInt32.max)))
        let last = try data(&sealing, "last")
        #expect(try opening.open(last) == Array("last".utf8))
        #expect(code { _ = try sealing.frame([1]) } == .counterExhausted)
        #expect(code { _ = try opening.open(last) } == .counterExhausted)
    }

    @Test func `a message too long for a frame is refused and uses no counter`() throws {
        var sealing = SealingCipher(try FrameCipher(key: key))
        #expect(code { _ = try sealing.frame([UInt8](repeating: 0, count: (1 << 24) - 16)) } == .notEncodable)
        #expect(sealing.count == 0)
    }
}
