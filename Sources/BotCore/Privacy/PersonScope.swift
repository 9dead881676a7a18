import BotKit
import Foundation

/// All that belongs to a person, to a person in one group, or to a group, as conditions on the tables.
struct PersonScope: Sendable {
    let range: WipeRange
    /// All names of the person.
    let members: [MemberID]
    /// The person's direct chats, or the group.
    let chats: [ChatID]
    /// What else names the person in stored JSON: a number, a network's id.
    let words: [String]

    /// The rows of a table that belong to it; `nil` when none can.
    func condition(on data: PersonalData) -> SQL? {
        switch range {
        case .person:
            var parts: [SQL] = []
            if let member = data.member { parts.append("\(name: member) IN (\(list: members))") }
            if let chat = data.chat { parts.append("\(name: chat) IN (\(list: chats))") }
            if let naming = data.naming {
                parts += (members.map(\.rawValue) + chats.map(\.rawValue) + words).map { Self.names($0, in: naming) }
            }
            return Self.any(parts)
        case .part:
            var parts: [SQL] = []
            if let member = data.member, let chat = data.chat {
                parts.append("(\(name: member) IN (\(list: members)) AND \(name: chat) IN (\(list: chats)))")
            }
            if let naming = data.naming, let people = Self.any(members.map { Self.names($0.rawValue, in: naming) }),
                let places = Self.any(chats.map { Self.names($0.rawValue, in: naming) })
            {
                parts.append("(\(people) AND \(places))")
            }
            return Self.any(parts)
        case .group:
            if data.staysWithGroup { return nil }
            var parts: [SQL] = []
            if let chat = data.chat { parts.append("\(name: chat) IN (\(list: chats))") }
            if let naming = data.naming { parts += chats.map { Self.names($0.rawValue, in: naming) } }
            return Self.any(parts)
        }
    }

    private static func any(_ parts: [SQL]) -> SQL? {
        guard let first = parts.first else { return nil }
        let all = parts.dropFirst().reduce(first) { "\($0) OR \($1)" }
        return "(\(all))"
    }

    /// Whether a column holds JSON with `word` as a whole text in it. Encoders differ in whether they escape a slash.
    private static func names(_ word: String, in column: SQLName) -> SQL {
        let plain = "%\"\(escaped(word))\"%"
        let slashed = "%\"\(escaped(word.replacing("/", with: "\\/")))\"%"
        return "(\(name: column) LIKE \(plain) ESCAPE '!' OR \(name: column) LIKE \(slashed) ESCAPE '!')"
    }

    private static func escaped(_ word: String) -> String {
        word.replacing("!", with: "!!").replacing("%", with: "!%").replacing("_", with: "!_")
    }
}

extension Turn {
    /// What names the member in what networks and jobs store, besides our own names.
    var personalWords: [String] {
        let number = member.phone.map { [$0.digits, "+\($0.digits)"] } ?? []
        return number + [message.sender.networkID?.text].compactMap(\.self)
    }
}
