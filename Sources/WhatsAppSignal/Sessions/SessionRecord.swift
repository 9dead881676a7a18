public import WhatsAppKeys

/// All sessions with one device: the current one and those that late messages may still belong to.
///
/// A value: functions return the record that follows, and after an error the old one is still valid. The record that
/// `SessionCipher` returns replaces the one that was passed in, whether or not anything is stored: going back to an
/// older one in memory would use message keys twice. What must be on disk, and when, is said in `reserving`.
public struct SessionRecord: Sendable {
    private static let version: UInt8 = 2

    var current: Session?
    /// Newest first.
    var archived: [ArchivedSession]

    init(_ session: Session) {
        current = session
        archived = []
    }

    /// Whether messages can be encrypted, once counters are reserved.
    public var canEncrypt: Bool { current != nil }

    /// The device's number for its registration, or nil without a current session.
    public var remoteRegistrationID: UInt32? { current?.remoteRegistrationID }

    /// The device's identity, or nil without a current session.
    public var remoteIdentity: PublicKey? { current?.remoteIdentity }

    /// Whether the device has not answered yet, so that messages still carry the prekeys.
    public var isPending: Bool { current?.pending != nil }

    /// How many messages can be encrypted before the next reservation.
    public var remaining: Int { Int(current?.outgoing.remaining ?? 0) }

    /// Whether so many counters were lost to crashes that the device may soon refuse the next one: begin a new session.
    public var isWorn: Bool { current?.outgoing.isWorn ?? false }

    /// How many earlier sessions there are.
    public var archivedCount: Int { archived.count }

    /// The record with at least `count` counters for the next messages: at least 1, at most `SignalLimits.reservation`.
    ///
    /// Store what is returned durably before the first message is published; the messages themselves need no further
    /// write. A record that is read from disk goes on behind its reservation, because some of it may have been used.
    /// - Throws: `.noSession` or `.exhausted`.
    public func reserving(_ count: Int) throws(SignalError) -> SessionRecord {
        guard let current else { throw SignalError(.noSession, "there is no session to reserve counters in") }
        var record = self
        record.current?.outgoing = try current.outgoing.reserving(UInt32(clamping: count))
        return record
    }

    /// The record with no counters reserved, to be stored when it leaves memory with nothing in flight.
    public func released() -> SessionRecord {
        var record = self
        if let current { record.current?.outgoing = current.outgoing.released() }
        return record
    }

    /// The record without a current session: the next message begins a new one, late ones can still be read.
    public func archivingCurrent() -> SessionRecord {
        guard let current else { return self }
        var record = self
        record.current = nil
        record.archived.insert(ArchivedSession(current), at: 0)
        record.archived.removeLast(max(0, record.archived.count - SignalLimits.archivedSessions))
        return record
    }

    /// Whether a first message with this base key belongs to a session that is there, so that no prekeys are needed.
    public func contains(baseKey: PublicKey) -> Bool {
        current?.baseKey == baseKey || archived.contains { $0.session?.baseKey == baseKey }
    }

    /// The record with `session` as the current one; what was current is archived.
    func beginning(_ session: Session) -> SessionRecord {
        var record = archivingCurrent()
        record.current = session
        return record
    }

    /// The record with the archived session at `index` taken out and `session`, which follows it, as the current one.
    func promoting(_ session: Session, from index: Int) -> SessionRecord {
        var record = self
        record.archived.remove(at: index)
        return record.beginning(session)
    }
}

extension SessionRecord {
    /// The record as it is stored, with all its keys: for an encrypted or otherwise protected place only.
    public func serialized() -> [UInt8] {
        var writer = RecordWriter(capacity: 640 + archived.reduce(0) { $0 + $1.stored.count + 4 })
        writer.byte(Self.version)
        writer.byte(current == nil ? 0 : 1)
        current?.write(to: &writer)
        writer.byte(UInt8(archived.count))
        for session in archived { writer.counted(session.stored) }
        return writer.bytes
    }

    /// A stored record, which goes on behind what it had reserved.
    /// - Throws: `.record` if it is damaged, `.recordVersion` if a newer program wrote it.
    public init(serialized bytes: [UInt8]) throws(SignalError) {
        var reader = try RecordReader(bytes, version: Self.version, of: "session record")
        switch try reader.byte() {
        case 0: current = nil
        case 1: current = try Session(from: &reader)
        default: throw SignalError(.record, "a stored session record begins with an unknown kind")
        }
        archived = []
        for _ in 0..<(try reader.count(upTo: SignalLimits.archivedSessions)) {
            archived.append(ArchivedSession(stored: try reader.counted()))
        }
        try reader.finish()
    }
}

extension SessionRecord: CustomStringConvertible, CustomReflectable {
    /// Only how many sessions there are.
    public var description: String {
        "SessionRecord(\(current == nil ? "no current session" : "current session"), \(archived.count) archived)"
    }
    /// Nothing more than the description.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
