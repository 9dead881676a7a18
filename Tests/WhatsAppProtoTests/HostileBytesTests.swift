import SwiftProtobuf
import Testing
import WhatsAppProto

@Suite struct HostileBytesTests {
    /// A text in `depth` levels of view-once envelopes.
    private func nested(_ depth: Int) throws -> [UInt8] {
        var bytes: [UInt8] = [0x0A, 0]
        for _ in 0..<depth {
            for tag: [UInt8] in [[0x0A], [0xAA, 0x02]] {
                var length = bytes.count
                var head = tag
                while length >= 0x80 {
                    head.append(UInt8(length & 0x7F) | 0x80)
                    length >>= 7
                }
                bytes = head + [UInt8(length)] + bytes
            }
        }
        return bytes
    }

    @Test func `messages nested as deep as real ones are read`() throws {
        #expect(try WAMessage(serializedBytes: nested(10)).hasViewOnce)
    }

    @Test func `messages nested too deep are refused`() throws {
        let bytes = try nested(5_000)
        #expect(throws: (any Error).self) { try WAMessage(serializedBytes: bytes) }
    }

    @Test func `a cut message is refused or read, never a crash`() throws {
        var message = WAMessage()
        message.image.caption = "a caption"
        message.image.mediaKey = .init(repeating: 7, count: 32)
        message.image.contextInfo.quotedMessage.conversation = "quoted"
        let bytes = try message.serializedBytes() as [UInt8]
        for end in 0..<bytes.count {
            _ = try? WAMessage(serializedBytes: Array(bytes[..<end]))
        }
        #expect(throws: (any Error).self) { try WAMessage(serializedBytes: Array(bytes.dropLast())) }
    }

    @Test func `a length beyond the end is refused`() {
        let bytes: [UInt8] = [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x61]
        #expect(throws: (any Error).self) { try WAMessage(serializedBytes: bytes) }
    }
}
