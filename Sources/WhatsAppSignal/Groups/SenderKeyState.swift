import WhatsAppKeys

/// One sender key of a member of a group, as its receivers have it.
struct SenderKeyState: Sendable {
    let id: UInt32
    let signingKey: PublicKey
    var incoming: IncomingChain

    func write(to writer: inout RecordWriter) {
        writer.number(id)
        writer.key(signingKey)
        incoming.write(to: &writer)
    }

    init(id: UInt32, signingKey: PublicKey, incoming: IncomingChain) {
        self.id = id
        self.signingKey = signingKey
        self.incoming = incoming
    }

    init(from reader: inout RecordReader) throws(SignalError) {
        self.init(id: try reader.number(), signingKey: try reader.key(), incoming: try IncomingChain(from: &reader))
    }
}
