import BotKit

/// A statement as SQLite reads it, made on the caller's side so that the writer has less to do.
struct RenderedStatement: Sendable {
    let text: String
    let values: [SQLValue]
    let requiredChanges: Int?

    /// - Throws: `DatabaseError.unexpected` when the statement would end or change the transaction it runs in.
    init(_ statement: SQL) throws(DatabaseError) {
        (text, values) = statement.rendered(for: .sqlite)
        requiredChanges = statement.requiredChanges
        let verb = text.firstKeyword
        if Self.ownVerbs.contains(verb) {
            throw .unexpected("\(verb) belongs to the store and is no statement for a feature")
        }
    }

    /// Whether it may run on a connection that only reads.
    var onlyReads: Bool {
        switch text.firstKeyword {
        case "SELECT", "VALUES": true
        // A word inside a literal counts too: it costs a turn at the writer and nothing else.
        case "WITH": !text.containsWord(of: ["INSERT", "UPDATE", "DELETE", "REPLACE"])
        default: false
        }
    }

    /// Long lists make a new text for every length; only short ones are worth a place among the prepared statements.
    var isReused: Bool { values.count <= 32 }

    private static let ownVerbs: Set<String> = [
        "BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "ATTACH", "DETACH", "VACUUM", "PRAGMA",
    ]
}

extension String {
    /// The letters before the first other character, upper case; white space before them is skipped.
    fileprivate var firstKeyword: String {
        let word = utf8.drop { $0 <= 0x20 }.prefix { Self.isLetter($0) }.prefix(10)
        return String(decoding: word.map { $0 & 0xDF }, as: UTF8.self)
    }

    fileprivate func containsWord(of words: Set<String>) -> Bool {
        utf8.split { !Self.isLetter($0) }.contains {
            $0.count <= 10 && words.contains(String(decoding: $0.map { $0 & 0xDF }, as: UTF8.self))
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
