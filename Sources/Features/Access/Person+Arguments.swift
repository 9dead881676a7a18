import BotKit
import Foundation

extension Person {
    /// What it is called in the audit.
    var party: AuditEntry.Party {
        switch self {
        case .number(let number): .number(number)
        case .id(let id): .id(id)
        case .member(let member): .member(member)
        }
    }
}

extension Duration {
    /// Reads `30m`, `12h` or `7d`, up to ten years.
    init?(argument word: Substring) {
        let units: [Character: Int] = ["m": 60, "h": 3_600, "d": 86_400]
        guard let unit = word.last.flatMap({ units[Character($0.lowercased())] }), word.utf8.count <= 8,
            let count = Int(word.dropLast()), count > 0, count * unit <= 3_653 * 86_400
        else { return nil }
        self = .seconds(count * unit)
    }
}
