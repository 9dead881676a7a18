import WhatsAppWire

/// Any bytes are a stanza or refused; what was read can be written, and then reads the same.
@_cdecl("LLVMFuzzerTestOneInput")
func readNode(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    let limits = NodeLimits(nodes: 10_000, attributes: 10_000, inflatedBytes: 1 << 20)
    guard let node = try? Node(decoding: input, limits: limits) else { return 0 }
    _ = node.description
    _ = node.text("id")
    _ = try? node.jid("from")
    guard let written = try? node.encoded() else { return 0 }
    guard let again = try? Node(decoding: written), let rewritten = try? again.encoded() else {
        preconditionFailure("what was written cannot be read")
    }
    precondition(rewritten == written, "what was written reads as something else")
    return 0
}
