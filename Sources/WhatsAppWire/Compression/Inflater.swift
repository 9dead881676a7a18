import CZlib

/// Undoes zlib compression piece by piece, in bounded memory, up to a number of bytes.
public struct Inflater: ~Copyable {
    /// How many bytes are handed over at once.
    public static let chunkByteCount = 65_536

    /// How many bytes may still come out.
    public private(set) var bytesLeft: Int
    /// Whether the compressed stream has come to its end.
    public private(set) var isFinished = false

    // zlib remembers the address of its state, so that it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter limit: the most bytes that may come out in all; more is an error, however little went in.
    /// - Throws: `WireError` with `compression` if there is no memory.
    public init(limit: Int) throws(WireError) {
        bytesLeft = limit
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw WireError(.compression, "zlib does not start: status \(status)") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Takes a piece of the compressed stream and hands over what comes out of it, in chunks.
    /// - Parameter receive: gets at most `chunkByteCount` bytes at a time; the memory is void afterwards.
    /// - Throws: `WireError` with `compression` or `limit`, or what `receive` throws.
    public mutating func inflate(
        _ input: UnsafeRawBufferPointer, to receive: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunkByteCount, alignment: 16)
        defer { output.deallocate() }
        var rest = input
        while try step(&rest, output, receive) {}
        guard rest.isEmpty else { throw WireError(.compression, "\(rest.count) bytes follow the compressed stream") }
    }

    /// Takes a piece of the compressed stream and hands over what comes out of it, in chunks.
    /// - Parameter receive: gets at most `chunkByteCount` bytes at a time; the memory is void afterwards.
    /// - Throws: `WireError` with `compression` or `limit`, or what `receive` throws.
    public mutating func inflate(_ input: [UInt8], to receive: (UnsafeRawBufferPointer) throws -> Void) throws {
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunkByteCount, alignment: 16)
        defer { output.deallocate() }
        var offset = 0
        var goesOn = true
        while goesOn {
            goesOn = try input.withUnsafeBytes { buffer in
                var rest = UnsafeRawBufferPointer(rebasing: buffer[offset...])
                let more = try step(&rest, output, receive)
                offset = buffer.count - rest.count
                return more
            }
        }
        guard offset == input.count else {
            throw WireError(.compression, "\(input.count - offset) bytes follow the compressed stream")
        }
    }

    /// One call of zlib. Returns whether there is more to do with what has come.
    private mutating func step(
        _ rest: inout UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer,
        _ receive: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        guard !isFinished else { return false }
        let (taken, made) = try advance(rest, output)
        rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
        if made > 0 { try receive(UnsafeRawBufferPointer(rebasing: output[..<made])) }
        return !isFinished && (made == output.count || (taken > 0 && !rest.isEmpty))
    }

    private mutating func advance(
        _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
    ) throws(WireError) -> (taken: Int, made: Int) {
        let offered = min(input.count, Int(Int32.max))
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(offered)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        let taken = offered - Int(stream.pointee.avail_in)
        let made = output.count - Int(stream.pointee.avail_out)
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
            throw WireError(.compression, "the compressed bytes are damaged: status \(status)")
        }
        guard made <= bytesLeft else {
            throw WireError(.limit, "compressed bytes become more than they may")
        }
        bytesLeft -= made
        isFinished = status == Z_STREAM_END
        return (taken, made)
    }

    /// Checks that the compressed stream has come to its end.
    /// - Throws: `WireError` with `compression`.
    public func finish() throws(WireError) {
        guard isFinished else { throw WireError(.compression, "the compressed bytes end too early") }
    }

    /// All of a compressed stream at once.
    /// - Parameter limit: the most bytes that may come out.
    /// - Throws: `WireError` with `compression` or `limit`.
    public static func inflate(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(WireError) -> [UInt8] {
        var inflater = try Inflater(limit: limit)
        var result: [UInt8] = []
        do {
            try inflater.inflate(bytes) { result.append(contentsOf: $0) }
        } catch let error as WireError {
            throw error
        } catch {
            throw WireError(.compression, "the compressed bytes cannot be read", underlying: error)
        }
        try inflater.finish()
        return result
    }

    /// All of a compressed stream at once.
    /// - Parameter limit: the most bytes that may come out.
    /// - Throws: `WireError` with `compression` or `limit`.
    public static func inflate(_ bytes: [UInt8], limit: Int) throws(WireError) -> [UInt8] {
        try bytes.span.withUnsafeBytes { buffer throws(WireError) in try inflate(buffer, limit: limit) }
    }
}
