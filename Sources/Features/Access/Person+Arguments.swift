import BotKit
import Foundation

extension Person {
    /// Reads a number, or a member's name on a network such as `cloud/u12`.
    init?(argument word: Substring) {
        if let number = PhoneNumber(word) {
            self = .number(number)
        } else if word.utf8.count <= 200, word.dropFirst().dropLast().contains("/") {
            self = .member(MemberID(rawValue: String(word)))
        } else {
            return nil
        }
    }

    /// What it is called in the audit.
    var party: AuditEntry.Party {
        switch self {
        case .number(let number): .number(number)
        case .member(let member): .member(member)
        }
    }

    /// What whoever decided about it reads.
    var written: String {
        switch self {
        case .number(let number): "+\(number.digits)"
        case .member(let member): member.rawValue
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
