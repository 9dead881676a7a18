/// How often messages were asked for again, by us and by others, so that two broken sides do not go on for ever.
struct RetryTable {
    /// The most times that one message is asked for, or sent again to one device.
    static let limit = 4
    /// The most messages that are remembered.
    static let remembered = 2_048
    /// Stands for a message that needs no more tries.
    private static let answered = Int.max

    private var counts: [String: Int] = [:]
    private var order: [String] = []
    /// What was sent again on this connection and not yet acknowledged by the server, by message id.
    private var unconfirmed: [String: [String]] = [:]

    /// Counts one more try.
    /// - Returns: which one it is, from 1; nil when it is one too many.
    mutating func next(_ name: String) -> Int? {
        let count = count(of: name)
        guard count < Self.limit else { return nil }
        remember(name, count + 1)
        return count + 1
    }

    /// A try that came to nothing does not count.
    mutating func takeBack(_ name: String) {
        if let count = counts[name], count != Self.answered, count > 0 { counts[name] = count - 1 }
    }

    /// A message with this id is on its way again.
    mutating func send(_ name: String, id: String) { unconfirmed[id, default: []].append(name) }

    /// The server has the first of those that were sent again under this id.
    mutating func confirm(_ id: String) {
        guard var names = unconfirmed[id] else { return }
        names.removeFirst()
        unconfirmed[id] = names.isEmpty ? nil : names
    }

    /// What the last connection may have lost does not count; whoever asked for it will ask once more.
    mutating func takeBackUnconfirmed() {
        for name in unconfirmed.values.joined() { takeBack(name) }
        unconfirmed = [:]
    }

    /// The message has been read: what else comes of it is a repetition.
    mutating func answer(_ name: String) { remember(name, Self.answered) }

    func count(of name: String) -> Int { counts[name] ?? 0 }
    func isAnswered(_ name: String) -> Bool { counts[name] == Self.answered }

    private mutating func remember(_ name: String, _ count: Int) {
        if counts.updateValue(count, forKey: name) == nil {
            order.append(name)
            if order.count > Self.remembered { counts[order.removeFirst()] = nil }
        }
    }
}
