/// Which changed rows belong together, and which are being stored just now.
///
/// Rows that were joined, or of which one took the other's number, are a family: storing one without the other would
/// leave a person twice, or a number with the wrong one.
struct UnsavedRows {
    private var links: [Int64: Set<Int64>] = [:]
    /// How many transactions that store a row are under way.
    private var underWay: [Int64: Int] = [:]

    mutating func link(_ one: Int64, _ other: Int64) {
        links[one, default: []].insert(other)
        links[other, default: []].insert(one)
    }

    /// The row is stored: it has no family any more.
    mutating func unlink(_ id: Int64) {
        for other in links.removeValue(forKey: id) ?? [] {
            links[other]?.remove(id)
            if links[other]?.isEmpty == true { links[other] = nil }
        }
    }

    /// The rows with all that belong to them, each once.
    func families(of ids: [Int64]) -> [Int64] {
        guard !links.isEmpty else { return ids }
        var known: Set<Int64> = []
        var all: [Int64] = []
        var waiting = ids
        while let id = waiting.popLast() {
            guard known.insert(id).inserted else { continue }
            all.append(id)
            waiting += links[id] ?? []
        }
        return all
    }

    mutating func begin(_ ids: some Sequence<Int64>) {
        for id in ids { underWay[id, default: 0] += 1 }
    }

    mutating func end(_ ids: some Sequence<Int64>) {
        for id in ids {
            let rest = (underWay[id] ?? 1) - 1
            underWay[id] = rest > 0 ? rest : nil
        }
    }

    func areUnderWay(_ ids: [Int64]) -> Bool { ids.contains { underWay[$0] != nil } }
}
