/// The strings that take one or two bytes on the wire: dictionary version 3.
enum Token {
    /// Where a string stands: below 256 in the first dictionary, else 256 and an index into the other four.
    typealias Code = UInt16

    /// The token for `text`, 0 if there is none; found by a perfect hash, so with one comparison.
    static func code(of text: String) -> Code {
        text.utf8.withContiguousStorageIfAvailable { code(of: UnsafeRawBufferPointer($0), text) }
            ?? code(ofStrange: text)
    }

    private static func code(of bytes: UnsafeRawBufferPointer, _ text: String) -> Code {
        guard bytes.count <= TokenTable.longest else { return 0 }
        let hash = hash(bytes)
        let displacement = UInt64(TokenTable.displacements[Int(hash & 511)])
        let slot = ((hash >> 16) &+ displacement &* (hash >> 32 | 1)) & 2047
        let code = TokenTable.slots[Int(slot)]
        guard code != 0 else { return 0 }
        let token = code < 256 ? TokenTable.single[Int(code)] : TokenTable.double[Int(code) - 256]
        return token == text ? code : 0
    }

    /// For strings that lie elsewhere than in memory.
    private static func code(ofStrange text: String) -> Code {
        var copy = text
        return copy.withUTF8 { code(of: UnsafeRawBufferPointer($0), text) }
    }

    /// Mixes eight bytes at a time; scripts/generate-tokens.py does the same.
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while bytes.count - offset >= 8 {
            mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)), into: &hash)
            offset += 8
        }
        var last: UInt64 = 0
        var shift: UInt64 = 0
        while offset < bytes.count {
            last |= UInt64(bytes[offset]) << shift
            shift += 8
            offset += 1
        }
        mix(last, into: &hash)
        return hash
    }

    private static func mix(_ word: UInt64, into hash: inout UInt64) {
        hash = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
        hash ^= hash >> 32
    }
}
