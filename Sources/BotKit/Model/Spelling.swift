/// Finds what somebody may have meant to type.
public enum Spelling {
    /// The one of `names` that is nearest to `typed`, but not equal to it, and at most `limit` slips away: of short
    /// names a third of their letters. `nil` when none is near.
    public static func nearest(to typed: String, among names: [String], within limit: Int = 2) -> String? {
        let letters = Array(typed)
        return names.map { (name: $0, slips: slips(from: letters, to: Array($0))) }
            .filter { $0.slips > 0 && $0.slips <= min(limit, max(1, $0.name.count / 3)) }
            .min { ($0.slips, $0.name) < ($1.slips, $1.name) }?.name
    }

    /// How many single-letter insertions, deletions, replacements and swaps of neighbours turn `a` into `b`; 64 when
    /// one is longer than that.
    static func slips(from a: [Character], to b: [Character]) -> Int {
        guard a.count <= 64, b.count <= 64 else { return 64 }
        var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in 0...a.count { rows[i][0] = i }
        for j in 0...b.count { rows[0][j] = j }
        for i in a.indices {
            for j in b.indices {
                let replaced = rows[i][j] + (a[i] == b[j] ? 0 : 1)
                rows[i + 1][j + 1] = min(replaced, rows[i][j + 1] + 1, rows[i + 1][j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    rows[i + 1][j + 1] = min(rows[i + 1][j + 1], rows[i - 1][j - 1] + 1)
                }
            }
        }
        return rows[a.count][b.count]
    }
}
