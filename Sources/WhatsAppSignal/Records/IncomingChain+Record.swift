import WhatsAppKeys

extension HashChain {
    func write(to writer: inout RecordWriter) {
        writer.secret(key)
        writer.number(counter)
    }

    init(from reader: inout RecordReader) throws(SignalError) {
        self.init(key: try reader.secret(), counter: try reader.number())
    }
}

extension IncomingChain {
    func write(to writer: inout RecordWriter) {
        chain.write(to: &writer)
        writer.counted(skipped.buffer)
    }

    init(from reader: inout RecordReader) throws(SignalError) {
        let chain = try HashChain(from: &reader)
        let buffer = try reader.counted()
        guard buffer.count % SkippedKeys.entryByteCount == 0,
            buffer.count <= SignalLimits.skippedKeys * SkippedKeys.entryByteCount
        else { throw SignalError(.record, "a stored chain has a wrong number of kept keys") }
        self.init(chain, skipped: SkippedKeys(buffer: buffer))
    }
}

extension OutgoingChain {
    func write(to writer: inout RecordWriter) {
        chain.write(to: &writer)
        writer.number(reserved)
        writer.number(skipped)
    }

    /// Goes on where the stored reservation ends.
    init(from reader: inout RecordReader) throws(SignalError) {
        let chain = try HashChain(from: &reader)
        try self.init(stored: chain, reserved: reader.number(), skipped: reader.number())
    }
}
