@testable import AIServices
import TestKit
import Testing

@Suite struct ServerSentEventsTests {
    private typealias Event = ServerSentEvents.Event

    private func read(_ text: String) throws -> [Event] {
        var parser = ServerSentEvents()
        return try parser.read(Array(text.utf8))
    }

    @Test func `reads the same events wherever the stream is cut`() throws {
        let text = "\u{FEFF}: hi\r\nevent: delta\r\ndata: {\"t\":\"שלום 👋🏽\"}\r\n\r\ndata: a\rdata: b\r\rdata:c\n\n"
        let bytes = Array(text.utf8)
        let whole = try read(text)
        #expect(whole.map(\.name) == ["delta", "", ""])
        #expect(whole.map { String(decoding: $0.data, as: UTF8.self) } == ["{\"t\":\"שלום 👋🏽\"}", "a\nb", "c"])
        for cut in 0...bytes.count {
            var parser = ServerSentEvents()
            let events = try parser.read(bytes[..<cut]) + parser.read(bytes[cut...])
            #expect(events == whole, "cut at \(cut)")
        }
        var parser = ServerSentEvents()
        #expect(try bytes.flatMap { try parser.read([$0]) } == whole)
    }

    @Test(arguments: ["\n", "\r", "\r\n"]) func `takes every kind of line end`(end: String) throws {
        let events = try read("data: 1\(end)\(end)data: 2\(end)\(end)")
        #expect(events.map { String(decoding: $0.data, as: UTF8.self) } == ["1", "2"])
    }

    @Test func `follows the standard on spaces, empty data, comments and unknown fields`() throws {
        let events = try read("data:  two\n\ndata\n\n: note\nid: 7\nretry: 10\n\ndata:\ndata:\n\nxdata: no\n\n")
        #expect(events.map { String(decoding: $0.data, as: UTF8.self) } == [" two", "", "\n"])
    }

    @Test func `drops an event that no blank line ended`() throws {
        #expect(try read("data: a\n\ndata: b\n").count == 1)
    }

    @Test func `bounds the line, the event, their number and the whole`() {
        func excess(_ limits: ServerSentEvents.Limits, _ text: String) -> ServerSentEvents.Excess? {
            var parser = ServerSentEvents(limits: limits)
            do {
                _ = try parser.read(text.utf8)
                return nil
            } catch { return error as? ServerSentEvents.Excess }
        }
        #expect(excess(.init(lineBytes: 10), "data: 12345") == .line)
        #expect(excess(.init(lineBytes: 11), "data: 12345\n\n") == nil)
        #expect(excess(.init(eventBytes: 8), "data: 12345\ndata: 12345\n") == .event)
        #expect(excess(.init(events: 2), "data: 1\n\ndata: 2\n\ndata: 3\n\n") == .events)
        #expect(excess(.init(totalBytes: 20), String(repeating: ": keep\n", count: 4)) == .total)
    }

    @Test func `never fails on hostile bytes within its bounds`() throws {
        var random = SeededRandom(seed: 7)
        let pieces: [[UInt8]] =
            ["data", ":", " ", "\n", "\r", "\r\n", "event", "\u{FEFF}", "id", "{}", "[DONE]"]
            .map { Array($0.utf8) } + [[0], [0xFF], [0xC3], [0xF0, 0x9F]]
        for _ in 0..<20_000 {
            var parser = ServerSentEvents(limits: .init(lineBytes: 64, eventBytes: 64, events: 50, totalBytes: 400))
            var bytes: [UInt8] = []
            for _ in 0..<Int(random.next() % 60) { bytes += pieces[Int(random.next() % UInt64(pieces.count))] }
            do {
                let cut = bytes.isEmpty ? 0 : Int(random.next() % UInt64(bytes.count))
                let events = try parser.read(bytes[..<cut]) + parser.read(bytes[cut...])
                #expect(events.allSatisfy { $0.data.count <= 64 })
            } catch is ServerSentEvents.Excess {}
        }
    }
}
