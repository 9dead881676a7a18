import Crypto
import WhatsAppWire

/// The messages that were read last: tells one that came twice from another one under a key that was used before.
///
/// A peer that loses an update of its ratchet uses one key for two messages. The second looks like a repetition of the
/// first, and only its name says that it is none. What the server does not know yet to have been read comes again after
/// a crash: the names of those are stored by the commit that stores what was read.
struct ReadNames {
    /// A message, shortened.
    struct Name: Hashable {
        /// Of chat, sender and id.
        let message: UInt64
        /// Of what the server calls it by when it acknowledges our receipt.
        let receipt: UInt64
    }
    /// A name that is stored, and how many queues the server had emptied when it came.
    private struct Unconfirmed {
        let name: Name
        let queue: Int
    }
    static let remembered = 4_096
    /// The most names that are stored.
    static let stored = 512
    /// Where they are stored.
    static let key = StoreKey(.connection, "read")
    private static let version: UInt8 = 1

    /// Whether what is stored has been looked at.
    private(set) var isLoaded = false
    private var names: Set<UInt64> = []
    private var order: [UInt64] = []
    private var oldest = 0
    /// Those that may come again, oldest first.
    private var unconfirmed: [Unconfirmed] = []
    private var emptiedQueues = 0

    func contains(_ name: Name) -> Bool { names.contains(name.message) }

    /// Notes what has been read, once that is durable.
    mutating func insert(_ name: Name) {
        unconfirmed.append(Unconfirmed(name: name, queue: emptiedQueues))
        if unconfirmed.count > Self.stored { unconfirmed.removeFirst() }
        remember(name.message)
    }

    private mutating func remember(_ name: UInt64) {
        guard names.insert(name).inserted else { return }
        guard order.count == Self.remembered else { return order.append(name) }
        names.remove(order[oldest])
        order[oldest] = name
        oldest = (oldest + 1) % Self.remembered
    }

    /// The server has a receipt, and does not deliver its message again.
    mutating func confirm(_ receipt: UInt64) { unconfirmed.removeAll { $0.name.receipt == receipt } }

    /// The server has delivered all that it had queued: what it had before the last time, and did not deliver since, is
    /// not there any more.
    mutating func queueIsEmpty() {
        unconfirmed.removeAll { $0.queue < emptiedQueues - 1 }
        emptiedQueues += 1
    }

    // MARK: - In the store

    /// What is to be stored together with some more that were read.
    func serialized(with more: [Name]) -> [UInt8] {
        let all = (unconfirmed.map(\.name) + more).suffix(Self.stored)
        return [Self.version] + all.flatMap { Self.bytes($0.message) + Self.bytes($0.receipt) }
    }

    /// Adds what is stored; what is damaged says nothing.
    mutating func load(_ bytes: [UInt8]?) {
        isLoaded = true
        guard let bytes, bytes.first == Self.version, bytes.count % 16 == 1, bytes.count <= 1 + 16 * Self.stored else {
            return
        }
        for start in stride(from: 1, to: bytes.count, by: 16) {
            let name = Name(
                message: Self.number(bytes[start..<(start + 8)]),
                receipt: Self.number(bytes[(start + 8)..<(start + 16)]))
            if !names.contains(name.message) { insert(name) }
        }
    }

    /// What is stored may be more than is known here: a commit failed, and may have happened all the same.
    mutating func reload() { isLoaded = false }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) }
    }
    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}

extension ReadNames.Name {
    init(_ message: IncomingMessage) {
        self.init(
            message: Self.hash(message.name),
            receipt: Self.receipt(from: message.node.text("from"), id: message.header.id))
    }

    /// - Parameters:
    ///   - from: where the message came from, and the acknowledgement comes from.
    ///   - id: the message's.
    static func receipt(from: String?, id: String) -> UInt64 { hash("\(from ?? "")/\(id)") }

    private static func hash(_ text: String) -> UInt64 {
        SHA256.hash(data: Array(text.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
