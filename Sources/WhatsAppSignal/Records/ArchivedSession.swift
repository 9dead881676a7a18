import WhatsAppKeys

/// A session that is no longer the current one, in its stored form: most are never looked at again.
struct ArchivedSession: Sendable {
    let stored: SecretBytes

    /// Nothing is reserved in it: memory knows best which counters were used.
    init(_ session: Session) {
        var session = session
        session.outgoing = session.outgoing.released()
        var writer = RecordWriter(capacity: 512)
        session.write(to: &writer)
        stored = SecretBytes(writer.bytes)
    }

    init(stored: SecretBytes) { self.stored = stored }

    /// The session, or nil if its bytes are damaged, which makes it useless but harms no other.
    var session: Session? {
        var reader = RecordReader(part: stored.exposed())
        guard let session = try? Session(from: &reader), (try? reader.finish()) != nil else { return nil }
        return session
    }
}
