import Foundation
import Testing

@testable import WhatsAppWire

/// The inputs that the fuzzers start from, each also cut short and with a byte changed.
@Suite struct CorpusTests {
    private func inputs(_ name: String) throws -> [[UInt8]] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let files = try FileManager.default.contentsOfDirectory(
            at: root.appending(path: "Fuzz/Corpus/\(name)"), includingPropertiesForKeys: nil)
        return try files.map { Array(try Data(contentsOf: $0)) }.flatMap { whole in
            let places = stride(from: 0, to: whole.count, by: max(1, whole.count / 64))
            return [whole] + places.map { Array(whole[..<$0]) }
                + places.map { place in
                    var changed = whole
                    changed[place] ^= 0xFF
                    return changed
                }
        }
    }

    @Test func `a stanza is read or refused, and what is read can be written`() throws {
        var read = 0
        for input in try inputs("Node") {
            guard let node = try? Node(decoding: input), let written = try? node.encoded() else { continue }
            #expect(try Node(decoding: written).encoded() == written)
            read += 1
        }
        #expect(read >= 15)
    }

    @Test func `frames are the same however the stream is cut`() throws {
        func frames(_ pieces: [[UInt8]]) -> [[UInt8]] {
            var splitter = FrameSplitter.ofServer(limit: 4_096)
            var frames: [[UInt8]] = []
            for piece in pieces {
                splitter.append(piece)
                while let frame = try? splitter.next() { frames.append(frame) }
            }
            return frames
        }
        for input in try inputs("Frames") { #expect(frames([input]) == frames(input.map { [$0] })) }
    }
}
