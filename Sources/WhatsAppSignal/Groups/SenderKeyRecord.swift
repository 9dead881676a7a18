/// The sender keys of one device in one group, with which its messages are read.
///
/// A value: functions return the record that follows, and after an error the old one is still valid.
public struct SenderKeyRecord: Sendable {
    private static let version: UInt8 = 2

    /// Newest first.
    private var states: [SenderKeyState] = []

    /// A record of a device that has given us no key yet.
    public init() {}

    /// How many sender keys there are.
    public var count: Int { states.count }

    /// The record with the key that the device gave us in a session.
    ///
    /// A key that is there already keeps its place in its chain, so that a repeated distribution lets nobody replay
    /// messages, unless the new place is too far ahead to be reached.
    /// - Throws: `.malformed`, `.version` or `.key`.
    public func adding(_ distribution: [UInt8]) throws(SignalError) -> SenderKeyRecord {
        let distribution = try SenderKeyDistribution(distribution)
        var state = SenderKeyState(
            id: distribution.id, signingKey: distribution.signingKey, first: distribution.chain.counter,
            incoming: IncomingChain(distribution.chain))
        if let known = states.first(where: { $0.id == state.id && $0.signingKey == state.signingKey }) {
            let (mine, theirs) = (known.incoming.chain.counter, distribution.chain.counter)
            if theirs <= mine || theirs - mine <= SignalLimits.jump { state = known }
        }
        var record = self
        record.states.removeAll { $0.id == state.id }
        record.states.insert(state, at: 0)
        record.states.removeLast(max(0, record.states.count - SignalLimits.senderKeyStates))
        return record
    }

    /// The plaintext of a group message, with WhatsApp's padding, and the record that replaces this one.
    /// - Throws: `.unknownSenderKey`, `.signature`, `.duplicate`, `.tooFarAhead`, `.malformed` or `.version`.
    public func decrypt(_ message: [UInt8]) throws(SignalError) -> (plaintext: [UInt8], record: SenderKeyRecord) {
        let message = try SenderKeyMessage(message)
        guard let index = states.firstIndex(where: { $0.id == message.id }) else {
            throw SignalError(.unknownSenderKey, "the sender key \(message.id) was not given to us: ask for a retry")
        }
        guard message.isSigned(by: states[index].signingKey) else {
            throw SignalError(.signature, "the group message is not signed by the owner of its sender key")
        }
        // No repetition: we never could read it.
        guard message.iteration >= states[index].first else {
            throw SignalError(
                .unknownSenderKey, "the message was sent before its sender key was given to us: ask for a retry")
        }
        let (seed, rest) = try states[index].incoming.taking(message.iteration)
        let plaintext = try MessageKeys(group: seed).decrypt(message.ciphertext)
        var record = self
        record.states[index].incoming = rest
        return (plaintext, record)
    }

    /// The record as it is stored, with all its keys: for an encrypted or otherwise protected place only.
    public func serialized() -> [UInt8] {
        var writer = RecordWriter(capacity: 128)
        writer.byte(Self.version)
        writer.byte(UInt8(states.count))
        for state in states { state.write(to: &writer) }
        return writer.bytes
    }

    /// A stored record.
    /// - Throws: `.record` if it is damaged, `.recordVersion` if a newer program wrote it.
    public init(serialized bytes: [UInt8]) throws(SignalError) {
        var reader = try RecordReader(bytes, version: Self.version, of: "sender key record")
        for _ in 0..<(try reader.count(upTo: SignalLimits.senderKeyStates)) {
            states.append(try SenderKeyState(from: &reader))
        }
        try reader.finish()
    }
}

extension SenderKeyRecord: CustomStringConvertible, CustomReflectable {
    /// Only how many keys there are.
    public var description: String { "SenderKeyRecord(\(states.count))" }
    /// Nothing more than the description.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
