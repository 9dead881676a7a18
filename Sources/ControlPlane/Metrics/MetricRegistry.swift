/// The families of metrics and their series, of which there may be only so many.
struct MetricRegistry {
    enum Kind: String { case counter, gauge, histogram }
    enum Refusal: Error { case full, conflict }

    private struct Family {
        let kind: Kind
        var series: [String: any Instrument] = [:]
    }

    private let limit: Int
    private var families: [String: Family] = [:]
    private var taken: Set<String> = []
    private var count = 0

    /// - Parameters:
    ///   - limit: the most series; a histogram counts as one for each of its lines.
    ///   - reserved: names that others write.
    init(limit: Int, reserved: [String]) {
        self.limit = limit
        taken = Set(reserved)
    }

    /// The series, made when it is not there yet. `weight` is its number of lines.
    mutating func series<Kept: Instrument>(
        _ name: String, _ kind: Kind, labels: String, weight: Int = 1, make: () -> Kept
    ) throws(Refusal) -> Kept {
        if let family = families[name] {
            guard family.kind == kind else { throw .conflict }
            if let known = family.series[labels] {
                guard let kept = known as? Kept else { throw .conflict }
                return kept
            }
        } else {
            guard taken.isDisjoint(with: Self.names(of: name, kind)) else { throw .conflict }
        }
        guard count + weight <= limit else { throw .full }
        let fresh = make()
        taken.formUnion(Self.names(of: name, kind))
        families[name, default: Family(kind: kind)].series[labels] = fresh
        count += weight
        return fresh
    }

    /// Forgets a series; its family keeps its name and kind.
    mutating func remove(_ instrument: AnyObject, weight: Int) {
        for (name, family) in families {
            guard let labels = family.series.first(where: { $0.value === instrument })?.key else { continue }
            families[name]?.series[labels] = nil
            count -= weight
            return
        }
    }

    /// Everything there is, by name and then by labels.
    var sorted: [(name: String, kind: Kind, series: [(labels: String, instrument: any Instrument)])] {
        families.filter { !$0.value.series.isEmpty }.sorted { $0.key < $1.key }.map { name, family in
            (name, family.kind, family.series.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
    }

    /// Every name that stands at the start of a line of the family.
    private static func names(of name: String, _ kind: Kind) -> [String] {
        kind == .histogram ? [name, "\(name)_bucket", "\(name)_sum", "\(name)_count"] : [name]
    }
}
