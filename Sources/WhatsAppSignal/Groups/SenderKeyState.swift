import WhatsAppKeys

/// One sender key of a member of a group, as its receivers have it.
struct SenderKeyState: Sendable {
    let id: UInt32
    let signingKey: PublicKey
    /// The first counter that the key can read: what was sent before was not meant for whom it was given to then.
    let first: UInt32
    var incoming: IncomingChain

    func write(to writer: inout RecordWriter) {
        writer.number(id)
        writer.key(signingKey)
        writer.number(first)
        incoming.write(to: &writer)
    }

    init(id: UInt32, signingKey: PublicKey, first: UInt32, incoming: IncomingChain) {
        self.id = id
        self.signingKey = signingKey
        self.first = first
        self.incoming = incoming
    }

    init(from reader: inout RecordReader) throws(SignalError) {
        self.init(
            id: try reader.number(), signingKey: try reader.key(), first: try reader.number(),
            incoming: try IncomingChain(from: &reader))
    }
}
