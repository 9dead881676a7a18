/// Where a client keeps what must outlive it: bytes under keys. The owner's database stands behind it.
///
/// A store belongs to one account. The three methods are all that the client asks of a database, so that any will do.
public protocol WebStore: Sendable {
    /// The values of those keys that there are.
    func load(_ keys: [StoreKey]) async throws -> [StoreKey: [UInt8]]

    /// The entries of a kind in the order of their names, those after `name` first, `limit` at most.
    func list(_ kind: StoreKind, after name: String?, limit: Int) async throws -> [StoreEntry]

    /// Stores all changes, in their order, and takes all events: in one transaction, or not at all.
    ///
    /// Returns when both would survive a loss of power. Only then are the events acknowledged to the server, and only
    /// then does a ciphertext leave whose key these changes use up. An event can come again, after a crash between the
    /// commit and the acknowledgement; the store tells it by its id.
    func commit(_ changes: [StoreChange], events: [WebEvent]) async throws
}

/// What an entry of the store is about. The raw values are stored.
public enum StoreKind: String, Sendable, Hashable, CaseIterable {
    /// The account's own keys and identity; one entry.
    case credentials
    /// The ratchets with one device of another account, or of our own; by Signal address.
    case session
    /// Keys of groups, ours and those that members gave us; by group and Signal address.
    case senderKey
    /// One-time prekeys that were handed out, also to one sender alone; by id.
    case preKey
    /// The hidden id (LID) of a phone number, and the other way round.
    case alias
    /// Messages we sent, kept a while to answer requests for a repetition; by message id.
    case sentMessage
    /// Keys of the app state; by key id.
    case appStateKey
    /// Version and hash of a collection of the app state; by collection.
    case appStateVersion
    /// The value MACs of a collection of the app state; by collection and index MAC.
    case appStateValue
    /// Tokens that contacts gave us, with the time of their issue; by user.
    case privacyToken
    /// Chunks of old conversations that were offered and are not read to their end; by message id.
    case history
    /// Loose facts about the connection, such as the way to the nearest server.
    case connection
}

/// The name of an entry.
public struct StoreKey: Sendable, Hashable {
    public var kind: StoreKind
    /// At most 200 bytes of UTF-8.
    public var name: String

    public init(_ kind: StoreKind, _ name: String) {
        self.kind = kind
        self.name = name
    }
}

/// An entry of the store.
public struct StoreEntry: Sendable, Hashable {
    public var name: String
    public var value: [UInt8]

    public init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }
}

/// A change of the store.
public enum StoreChange: Sendable, Hashable {
    case put(StoreKey, [UInt8])
    case delete(StoreKey)
    /// Deletes all entries of a kind whose name begins so; an empty prefix means all.
    case deleteAll(StoreKind, prefix: String)
}
