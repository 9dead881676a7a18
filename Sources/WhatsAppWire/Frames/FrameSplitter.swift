/// Cuts a stream of bytes, however it arrives, into frames.
public struct FrameSplitter: Sendable {
    /// The largest frame that is taken; a caller lowers it until the peer is known.
    public var limit: Int
    /// What the client sent before its first frame, once it has come; nil on the client's side.
    public private(set) var intro: ConnectionIntro?

    private var buffer: [UInt8] = []
    private var start = 0
    private var expectsIntro: Bool
    private var failure: WireError?

    /// A splitter for what a server sends: frames from the first byte on.
    public static func ofServer(limit: Int = Frame.largestByteCount) -> FrameSplitter {
        FrameSplitter(expectsIntro: false, limit: limit)
    }

    /// A splitter for what a client sends: an intro, then frames.
    public static func ofClient(limit: Int = Frame.largestByteCount) -> FrameSplitter {
        FrameSplitter(expectsIntro: true, limit: limit)
    }

    private init(expectsIntro: Bool, limit: Int) {
        self.expectsIntro = expectsIntro
        self.limit = limit
    }

    /// How many bytes wait for the rest of their frame.
    public var bufferedByteCount: Int { buffer.count - start }

    /// Takes what arrived.
    public mutating func append(_ bytes: [UInt8]) {
        reclaim()
        buffer.append(contentsOf: bytes)
    }

    /// Takes what arrived.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        reclaim()
        buffer.append(contentsOf: bytes)
    }

    /// The data of the next whole frame, or nil until more has arrived.
    /// - Throws: `WireError` with `malformedFrame` or `limit`; from then on always the same error.
    public mutating func next() throws(WireError) -> [UInt8]? {
        if let failure { throw failure }
        do throws(WireError) {
            return try cut()
        } catch {
            failure = error
            buffer = []
            start = 0
            throw error
        }
    }

    private mutating func cut() throws(WireError) -> [UInt8]? {
        if expectsIntro {
            guard let (intro, count) = try ConnectionIntro.read(buffer[start...]) else { return nil }
            self.intro = intro
            start += count
            expectsIntro = false
        }
        guard buffer.count - start >= Frame.headerByteCount else { return nil }
        let length = Int(buffer[start]) << 16 | Int(buffer[start + 1]) << 8 | Int(buffer[start + 2])
        guard length <= limit else {
            throw WireError(.limit, "a frame of \(length) bytes is larger than the \(limit) allowed")
        }
        let from = start + Frame.headerByteCount
        guard buffer.count - from >= length else { return nil }
        start = from + length
        return Array(buffer[from..<start])
    }

    /// Drops what was cut off, in one move for many frames.
    private mutating func reclaim() {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 65_536)
            start = 0
        } else if start > 65_536 || start > buffer.count / 2 {
            buffer.removeSubrange(..<start)
            start = 0
        }
    }
}
