/// The newest messages that came, to know what comes again; a bounded number.
struct SeenMessages {
    private static let most = 200_000
    private var new: Set<String> = []
    private var old: Set<String> = []

    /// - Returns: whether it had not been there.
    mutating func insert(_ key: String) -> Bool {
        guard !old.contains(key), new.insert(key).inserted else { return false }
        if new.count >= Self.most / 2 { (old, new) = (new, []) }
        return true
    }
}
