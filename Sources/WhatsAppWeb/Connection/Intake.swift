import WhatsAppWire

/// Stanzas that came and wait to be handled, in their order.
///
/// One worker takes all that wait in one go, so that a burst is stored by one commit.
struct Intake {
    /// The most that are taken in one go.
    static let batch = 64
    /// Above so many the reader waits, and with it the server.
    static let limit = 1024

    private var stanzas: [Node] = []
    private var isClosed = false
    /// The worker, when it has nothing to do.
    private var worker: CheckedContinuation<Void, Never>?
    /// The reader, when there is no room.
    private var reader: CheckedContinuation<Void, Never>?

    var isFull: Bool { stanzas.count >= Self.limit }
    var isEmpty: Bool { stanzas.isEmpty && !isClosed }

    mutating func add(_ stanza: Node) {
        stanzas.append(stanza)
        worker?.resume()
        worker = nil
    }

    mutating func take() -> [Node] {
        let batch = Array(stanzas.prefix(Self.batch))
        stanzas.removeFirst(batch.count)
        if !isFull {
            reader?.resume()
            reader = nil
        }
        return batch
    }

    /// Wakes everybody; what still waits is dropped, and the server will send it again.
    mutating func close() {
        isClosed = true
        stanzas = []
        worker?.resume()
        reader?.resume()
        worker = nil
        reader = nil
    }

    /// Wakes the worker that has nothing to do, as soon as there is something.
    mutating func wakeWorker(_ continuation: CheckedContinuation<Void, Never>) {
        guard isEmpty else { return continuation.resume() }
        worker = continuation
    }

    /// Wakes the reader as soon as there is room.
    mutating func wakeReader(_ continuation: CheckedContinuation<Void, Never>) {
        guard isFull, !isClosed else { return continuation.resume() }
        reader = continuation
    }
}

/// What handling some stanzas has led to.
struct IntakeResult {
    var changes: [StoreChange] = []
    var events: [WebEvent] = []
    /// What is sent once the changes are durable.
    var answers: [Node] = []
    /// What is done once the changes are durable.
    var chores: [Chore] = []
    /// What is done to what we know of groups once the changes are durable.
    var groups: [GroupNews] = []
    /// Whose sessions are forgotten once the changes are durable.
    var newIdentities: [JID] = []
}

/// Work that may have to wait for the server.
typealias Chore = @Sendable (_ client: isolated WebClient) async throws -> ConnectionVerdict?
