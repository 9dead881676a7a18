/// How often messages were asked for again, by us and by others, so that two broken sides do not go on for ever.
struct RetryTable {
    /// The most times that one message is asked for, or sent again to one device.
    static let limit = 4
    /// The most messages that are remembered.
    static let remembered = 2_048

    private var counts: [String: Int] = [:]
    private var order: [String] = []

    /// Counts one more try.
    /// - Returns: which one it is, from 1; nil when it is one too many.
    mutating func next(_ name: String) -> Int? {
        if counts[name] == nil {
            order.append(name)
            if order.count > Self.remembered { counts[order.removeFirst()] = nil }
        }
        let count = (counts[name] ?? 0) + 1
        guard count <= Self.limit else { return nil }
        counts[name] = count
        return count
    }

    mutating func forget(_ name: String) {
        guard counts.removeValue(forKey: name) != nil else { return }
        order.removeAll { $0 == name }
    }
}
