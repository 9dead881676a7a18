/// Any stream of bytes gives the same events however it is cut; the first byte says where to cut.
@_cdecl("LLVMFuzzerTestOneInput")
func readStream(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count)
    guard let first = input.first else { return 0 }
    let stream = Array(input.dropFirst())
    let limits = ServerSentEvents.Limits(lineBytes: 256, eventBytes: 512, events: 64, totalBytes: 4096)
    let pieces = cut(stream, every: Int(first) + 1)
    precondition(read([stream], limits) == read(pieces, limits), "the cuts changed the events")
    return 0
}

private func cut(_ stream: [UInt8], every size: Int) -> [[UInt8]] {
    stride(from: 0, to: stream.count, by: size).map { Array(stream[$0..<min($0 + size, stream.count)]) }
}

/// The events up to the end or up to the first error; what was complete before an error need not come out.
private func read(_ pieces: [[UInt8]], _ limits: ServerSentEvents.Limits) -> [ServerSentEvents.Event]? {
    var parser = ServerSentEvents(limits: limits)
    return try? pieces.flatMap { try parser.read($0) }
}
