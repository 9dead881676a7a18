/// A variable of the bots that Martlet takes the place of, and what it means here.
///
/// Source: the code, example files and pages of askrella/whatsapp-chatgpt ("the original") and of its fork
/// krunchontu/whatsapp-chatgpt.
struct EarlierVariable: Sendable {
    /// Whose code, example file or pages name it.
    enum Bots: String, Sendable { case both, original, fork }

    enum Fate: Sendable, Equatable {
        /// A setting of ours has the name and the meaning.
        case kept
        /// A setting of ours has the meaning.
        case renamed(String)
        /// Nothing here has its meaning.
        case ignored
    }

    let name: String
    let bots: Bots
    let fate: Fate
    /// Of an ignored one, why; of the others, what to know.
    let remark: String

    static let all = original + fork

    /// The names that have no meaning here.
    static let unused = Set(all.filter { $0.fate == .ignored }.map(\.name))

    /// What the earlier bots do when the variable is missing, where Martlet does something else.
    static let defaults = [(name: "PREFIX_ENABLED", value: "true"), (name: "GROUPCHATS_ENABLED", value: "false")]

    static func named(_ name: String) -> EarlierVariable? { byName[name] }

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    /// All of them as a table for the documentation.
    static var markdown: String {
        var lines = ["| Variable | Bot | Here | What to know |", "| --- | --- | --- | --- |"]
        for variable in all {
            let fate =
                switch variable.fate {
                case .kept: "kept"
                case .renamed(let name): "renamed to `\(name)`"
                case .ignored: "ignored"
                }
            lines.append("| `\(variable.name)` | \(variable.bots.rawValue) | \(fate) | \(variable.remark) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func kept(_ name: String, _ bots: Bots, _ remark: String = "") -> EarlierVariable {
        EarlierVariable(name: name, bots: bots, fate: .kept, remark: remark)
    }

    static func ignored(_ name: String, _ bots: Bots, _ why: String) -> EarlierVariable {
        EarlierVariable(name: name, bots: bots, fate: .ignored, remark: why)
    }
}
