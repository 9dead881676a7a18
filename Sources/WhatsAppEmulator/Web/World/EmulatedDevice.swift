import WhatsAppKeys
import WhatsAppWire

/// One device of an account; number 0 is the phone, which the emulator plays itself.
final class EmulatedDevice {
    /// A signed prekey as the server keeps it.
    struct SignedKey: Sendable {
        let id: UInt32
        let key: [UInt8]
        let signature: [UInt8]
    }

    /// What happens to the next stanzas on their way to the device.
    struct Faults: Sendable {
        /// How many messages are damaged.
        var corrupt = 0
        /// How many messages are damaged in their last part only.
        var damageLast = 0
        /// How many messages are sent twice.
        var duplicate = 0
        /// How many messages are lost; they stay queued.
        var lose = 0
        /// How many messages are held back until the one after them has gone.
        var swap = 0
        /// How many messages come with the word of a stranger for who begins a session in them.
        var strangeIdentities = 0
        /// How many of them come without any.
        var lostIdentities = 0
        /// Whether nobody is given its keys.
        var hidesKeys = false
        /// Milliseconds that each stanza takes longer; those after it may overtake it.
        var delay: Range<Int> = 0..<0
    }

    unowned let account: EmulatedAccount
    let number: UInt16
    let identity: PublicKey
    var registrationID: UInt32
    var signedKey: SignedKey
    var noiseKey: PublicKey?
    let keyIndex: UInt32
    /// A `SignedDeviceIdentity` message with all four fields; empty for phones.
    var signedIdentity: [UInt8] = []
    /// What it said of itself when it was linked.
    var properties: [String: EmulatorJSON] = [:]
    /// One-time prekeys in the order of their upload.
    private(set) var prekeys: [(id: UInt32, key: [UInt8])] = []
    private var firstPrekey = 0
    private var prekeyIDs: Set<UInt32> = []
    /// Stanzas that the device has not acknowledged, oldest first.
    var pending = PendingStanzas()
    weak var link: WebLink?
    var lastSeen = 0
    /// Whether it has logged in since it was linked.
    var isConfirmed = false
    /// Whether the phone has yet to send it keys, settings and history.
    var awaitsWelcome = false
    var faults = Faults()
    /// The address under which it asked for the presence of others, by number: whether it was a LID.
    var watchesByLID: [String: Bool] = [:]

    init(
        account: EmulatedAccount, number: UInt16, identity: PublicKey, registrationID: UInt32, signedKey: SignedKey,
        noiseKey: PublicKey? = nil, keyIndex: UInt32 = 0
    ) {
        self.account = account
        self.number = number
        self.identity = identity
        self.registrationID = registrationID
        self.signedKey = signedKey
        self.noiseKey = noiseKey
        self.keyIndex = keyIndex
    }

    /// The address by number.
    var phoneNumber: JID { .phoneNumber(account.number, device: number) }
    /// The address by LID.
    var lid: JID { .lid(account.lidUser, device: number) }
    /// The address in one of the two ways.
    func address(lid usesLID: Bool) -> JID { usesLID ? lid : phoneNumber }

    /// How many one-time prekeys are left.
    var prekeyCount: Int { prekeys.count - firstPrekey }
    /// Those that are left.
    var remainingPrekeys: ArraySlice<(id: UInt32, key: [UInt8])> { prekeys[firstPrekey...] }

    /// Adds a one-time prekey.
    /// - Returns: false if one with this id was uploaded before.
    func addPrekey(id: UInt32, key: [UInt8]) -> Bool {
        guard prekeyIDs.insert(id).inserted else { return false }
        prekeys.append((id, key))
        return true
    }

    /// Hands out a one-time prekey, each once.
    func takePrekey() -> (id: UInt32, key: [UInt8])? {
        guard firstPrekey < prekeys.count else { return nil }
        defer { firstPrekey += 1 }
        return prekeys[firstPrekey]
    }
}

/// What waits for a device's acknowledgement, in order, found quickly by id.
struct PendingStanzas {
    private var stanzas: [Int: Node] = [:]
    private var numbers: [String: [Int]] = [:]
    private var next = 0

    /// How many there are.
    var count: Int { stanzas.count }
    /// All, oldest first.
    var all: [Node] { stanzas.keys.sorted().compactMap { stanzas[$0] } }

    mutating func append(_ node: Node) {
        stanzas[next] = node
        numbers[Self.key(node.tag, node.text("id") ?? ""), default: []].append(next)
        next += 1
    }

    /// Takes out the oldest with tag, id and, if given, origin; rather one that the acknowledgement names exactly: of a
    /// group there may be many receipts with one id.
    mutating func remove(tag: String, id: String, from peer: JID?, as acknowledgement: Node? = nil) -> Node? {
        let key = Self.key(tag, id)
        guard let list = numbers[key] else { return nil }
        let fitting = list.indices.filter { index in
            peer == nil || (try? stanzas[list[index]]?.jid("from")) == peer
        }
        let exact = fitting.first { index in
            guard let acknowledgement, let stanza = stanzas[list[index]] else { return false }
            return ["participant", "type"].allSatisfy { stanza.text($0) == acknowledgement.text($0) }
        }
        guard let index = exact ?? fitting.first else { return nil }
        let number = list[index]
        numbers[key]?.remove(at: index)
        if numbers[key]?.isEmpty == true { numbers[key] = nil }
        return stanzas.removeValue(forKey: number)
    }

    private static func key(_ tag: String, _ id: String) -> String { "\(tag) \(id)" }
}
