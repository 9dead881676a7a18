import BotKit

/// The reference of the turn that is being answered: every log line that is written meanwhile carries it, whoever
/// writes it.
enum TurnReference {
    @TaskLocal static var current: String?

    /// The reference of the turn whose first row is `id`: a short word that a member can pass on.
    static func of(_ id: Int64) -> String { String(id, radix: 36).uppercased() }

    /// The first row of the turn with a reference; `nil` when it is none.
    static func row(of reference: String) -> Int64? { Int64(reference, radix: 36).flatMap { $0 > 0 ? $0 : nil } }

    /// A word of the same kind for what is no turn's.
    static func random() -> String { String(UInt32.random(in: 60_466_176...UInt32.max), radix: 36).uppercased() }
}
