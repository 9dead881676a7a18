import Testing

@testable import WhatsAppWire

@Suite struct InflaterTests {
    private func sample(_ count: Int) -> [UInt8] {
        var random = SeededGenerator(seed: 3)
        return (0..<count).map { _ in UInt8.random(in: 0...15, using: &random) }
    }

    @Test(arguments: [0, 1, 1000, 65_536, 300_000])
    func `what was compressed comes out again`(count: Int) throws {
        let bytes = sample(count)
        #expect(try Inflater.inflate(Deflater.deflate(bytes), limit: count) == bytes)
    }

    @Test func `pieces of any size give the same, in chunks`() throws {
        let bytes = sample(300_000)
        let packed = try Deflater.deflate(bytes)
        for size in [1, 7, 1000, 100_000] {
            var inflater = try Inflater(limit: bytes.count)
            var result: [UInt8] = []
            for start in stride(from: 0, to: packed.count, by: size) {
                try inflater.inflate(Array(packed[start..<min(start + size, packed.count)])) {
                    #expect($0.count <= Inflater.chunkByteCount)
                    result.append(contentsOf: $0)
                }
            }
            try inflater.finish()
            #expect(result == bytes)
        }
    }

    @Test func `a bomb stops at the limit`() throws {
        let bomb = try Deflater.deflate([UInt8](repeating: 0, count: 50 << 20))
        var most = 0
        #expect(
            code {
                var inflater = try Inflater(limit: 1 << 20)
                try inflater.inflate(bomb) { most += $0.count }
            } == .limit)
        #expect(most <= 1 << 20)
        #expect(code { _ = try Inflater.inflate(bomb, limit: 1 << 20) } == .limit)
    }

    @Test func `cut, damaged and prolonged streams are refused`() throws {
        let packed = try Deflater.deflate(sample(1000))
        for end in 0..<packed.count {
            #expect(code { _ = try Inflater.inflate(Array(packed[..<end]), limit: 5000) } == .compression)
        }
        var random = SeededGenerator(seed: 8)
        for _ in 0..<2_000 {
            var damaged = packed
            random.damage(&damaged)
            _ = try? Inflater.inflate(damaged, limit: 5000)
        }
        #expect(code { _ = try Inflater.inflate(packed + [1], limit: 5000) } == .compression)
    }
}
