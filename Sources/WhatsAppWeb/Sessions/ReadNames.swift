/// The messages that were read last: tells one that came twice from another one under a key that was used before.
///
/// A peer that loses an update of its ratchet uses one key for two messages. The second looks like a repetition of the
/// first, and only its name says that it is none.
struct ReadNames {
    static let remembered = 4_096

    private var names: Set<String> = []
    private var order: [String] = []
    private var oldest = 0

    mutating func insert(_ name: String) {
        guard names.insert(name).inserted else { return }
        guard order.count == Self.remembered else { return order.append(name) }
        names.remove(order[oldest])
        order[oldest] = name
        oldest = (oldest + 1) % Self.remembered
    }

    func contains(_ name: String) -> Bool { names.contains(name) }
}
