import WhatsAppWire

/// Any stream gives the same frames however it is cut; the first two bytes say which side it is of and where to cut.
@_cdecl("LLVMFuzzerTestOneInput")
func readFrames(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count)
    guard input.count >= 2 else { return 0 }
    let stream = Array(input.dropFirst(2))
    let isClient = input[0] & 1 == 1
    let whole = split([stream], isClient)
    let pieces = stride(from: 0, to: stream.count, by: Int(input[1]) + 1).map {
        Array(stream[$0..<min($0 + Int(input[1]) + 1, stream.count)])
    }
    precondition(whole == split(pieces, isClient), "the cuts changed the frames")
    return 0
}

/// The frames up to the end or the first error.
private func split(_ pieces: [[UInt8]], _ isClient: Bool) -> [[UInt8]] {
    var splitter = isClient ? FrameSplitter.ofClient(limit: 4096) : .ofServer(limit: 4096)
    var frames: [[UInt8]] = []
    for piece in pieces {
        splitter.append(piece)
        while true {
            guard let frame = try? splitter.next() else { break }
            frames.append(frame)
        }
    }
    return frames
}
