import WhatsAppSignal
import WhatsAppWire

/// The ratchets that are in memory. What is here is what is on disk, or newer by counters that are reserved there.
struct SessionTable {
    /// Above so many the least used are forgotten; they can be loaded again.
    static let limit = 4_096

    private(set) var sessions: [String: SessionRecord] = [:]
    private(set) var senderKeys: [String: SenderKeyRecord] = [:]
    private(set) var ownKeys: [String: OwnGroupKey] = [:]
    /// Addresses that are known to have no session on disk either.
    private var absent: Set<String> = []

    subscript(session address: String) -> SessionRecord? {
        get { sessions[address] }
        set {
            sessions[address] = newValue
            absent.remove(address)
        }
    }
    subscript(senderKey name: String) -> SenderKeyRecord? {
        get { senderKeys[name] }
        set { senderKeys[name] = newValue }
    }
    subscript(ownKey group: String) -> OwnGroupKey? {
        get { ownKeys[group] }
        set { ownKeys[group] = newValue }
    }

    /// Whether the store need not be asked for the session.
    func knows(_ address: String) -> Bool { sessions[address] != nil || absent.contains(address) }
    /// A session may be kept under another address that has become known.
    mutating func forgetAbsences() { absent.removeAll() }
    mutating func noteAbsent(_ address: String) { absent.insert(address) }

    /// Forgets what the store does not have: after a failed commit.
    mutating func drop(sessions addresses: some Sequence<String>, senderKeys names: some Sequence<String>) {
        for address in addresses {
            sessions[address] = nil
            absent.remove(address)
        }
        for name in names { senderKeys[name] = nil }
    }
    mutating func drop(ownKey group: String) { ownKeys[group] = nil }

    /// Keeps memory bounded. Only called when no lane is taken.
    mutating func trim() {
        if sessions.count > Self.limit { sessions.removeAll() }
        if senderKeys.count > Self.limit { senderKeys.removeAll() }
        if ownKeys.count > Self.limit { ownKeys.removeAll() }
        if absent.count > Self.limit { absent.removeAll() }
    }
}

extension JID {
    /// The name of the ratchets with this device.
    var signalAddress: String { "\(signalName).\(device)" }
}
