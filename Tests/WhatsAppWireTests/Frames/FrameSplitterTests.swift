import Testing

@testable import WhatsAppWire

@Suite struct FrameSplitterTests {
    private func all(_ splitter: inout FrameSplitter) throws -> [[UInt8]] {
        var frames: [[UInt8]] = []
        while let frame = try splitter.next() { frames.append(frame) }
        return frames
    }

    @Test func `frames come out the same however the stream is cut`() throws {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<100 {
            let frames = (0..<8).map { _ in random.bytes(Int.random(in: 0...400, using: &random)) }
            let intro = ConnectionIntro(routingInfo: Bool.random(using: &random) ? random.bytes(30) : nil)
            let stream = try intro.encoded() + frames.flatMap { try Frame.encode($0) }
            var splitter = FrameSplitter.ofClient()
            var found: [[UInt8]] = []
            var offset = 0
            while offset < stream.count {
                let end = min(stream.count, offset + Int.random(in: 1...300, using: &random))
                splitter.append(Array(stream[offset..<end]))
                found += try all(&splitter)
                offset = end
            }
            #expect(found == frames)
            #expect(splitter.intro == intro)
            #expect(splitter.bufferedByteCount == 0)
        }
    }

    @Test func `a server's stream has no intro`() throws {
        var splitter = FrameSplitter.ofServer()
        splitter.append([0, 0, 2, 7])
        #expect(try splitter.next() == nil)
        splitter.append([8, 0, 0, 0])
        #expect(try all(&splitter) == [[7, 8], []])
        #expect(splitter.intro == nil)
    }

    @Test(
        arguments: [
            [0x47], [0x57, 0x42], [0x57, 0x41, 6, 2], [0x45, 0x44, 0, 2], [0x45, 0x44, 0, 1, 0, 0, 0, 0x57, 0x40],
        ] as [[UInt8]])
    func `another beginning is refused at its first wrong byte, for good`(bytes: [UInt8]) {
        var splitter = FrameSplitter.ofClient()
        splitter.append(bytes)
        #expect(code { _ = try splitter.next() } == .malformedFrame)
        splitter.append(ConnectionIntro.header)
        #expect(code { _ = try splitter.next() } == .malformedFrame)
    }

    @Test func `a frame or routing information above the limit is refused before it arrives`() {
        var splitter = FrameSplitter.ofServer(limit: 1000)
        splitter.append([0, 3, 0xE9])
        #expect(code { _ = try splitter.next() } == .limit)
        var routed = FrameSplitter.ofClient()
        routed.append([0x45, 0x44, 0, 1, 0xFF, 0xFF, 0xFF])
        #expect(code { _ = try routed.next() } == .limit)
    }

    @Test func `data too long for a frame is refused`() {
        #expect(code { _ = try Frame.encode([UInt8](repeating: 0, count: 1 << 24)) } == .notEncodable)
        let info = [UInt8](repeating: 0, count: 20_000)
        #expect(code { _ = try ConnectionIntro(routingInfo: info).encoded() } == .notEncodable)
    }
}
