/// Reads a stream of server-sent events from bytes, however they are cut.
///
/// Source: WHATWG HTML Living Standard, section 9.2 "Server-sent events". It works on bytes because a piece of a stream
/// may end inside a character. Everything is bounded; an event that no blank line ended is dropped, as the standard
/// says.
struct ServerSentEvents: Sendable {
    struct Event: Equatable, Sendable {
        /// The `event` field; empty when the stream names none.
        var name = ""
        /// The `data` lines, joined by line feeds.
        var data: [UInt8] = []
    }

    struct Limits: Sendable {
        var lineBytes = 1 << 20
        /// All data lines of one event.
        var eventBytes = 1 << 20
        var events = 200_000
        /// Everything, comments included.
        var totalBytes = 32 << 20
    }

    enum Excess: Error, Equatable { case line, event, events, total }

    private let limits: Limits
    private var line: [UInt8] = []
    private var event = Event()
    private var hasData = false
    private var isFirstLine = true
    private var endedByCarriageReturn = false
    private var events = 0
    private var total = 0

    init(limits: Limits = Limits()) { self.limits = limits }

    /// Reads on.
    /// - Returns: the events that `bytes` completed, oldest first.
    /// - Throws: `Excess` when the stream is larger than it may be.
    mutating func read(_ bytes: some Sequence<UInt8>) throws -> [Event] {
        var done: [Event] = []
        for byte in bytes {
            total += 1
            guard total <= limits.totalBytes else { throw Excess.total }
            if endedByCarriageReturn {
                endedByCarriageReturn = false
                if byte == 0x0A { continue }
            }
            switch byte {
            case 0x0A: try endLine(into: &done)
            case 0x0D:
                endedByCarriageReturn = true
                try endLine(into: &done)
            default:
                guard line.count < limits.lineBytes else { throw Excess.line }
                line.append(byte)
            }
        }
        return done
    }

    private mutating func endLine(into done: inout [Event]) throws {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return try endEvent(into: &done) }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return try set(line[...], to: []) }
        guard colon > 0 else { return }
        var value = line[(colon + 1)...]
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        try set(line[..<colon], to: value)
    }

    private mutating func set(_ field: ArraySlice<UInt8>, to value: ArraySlice<UInt8>) throws {
        if field.elementsEqual("data".utf8) {
            guard event.data.count + value.count < limits.eventBytes else { throw Excess.event }
            if hasData { event.data.append(0x0A) }
            event.data.append(contentsOf: value)
            hasData = true
        } else if field.elementsEqual("event".utf8) {
            event.name = String(decoding: value.prefix(64), as: UTF8.self)
        }
    }

    private mutating func endEvent(into done: inout [Event]) throws {
        defer {
            event = Event()
            hasData = false
        }
        guard hasData else { return }
        events += 1
        guard events <= limits.events else { throw Excess.events }
        done.append(event)
    }
}
