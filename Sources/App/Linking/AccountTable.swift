import BotKit
import Foundation
import Providers
import WhatsAppWeb

/// The linked accounts, for people and for scripts.
enum AccountTable {
    /// Aligned columns under their names.
    static func text(_ accounts: [WebAccount]) -> String {
        let rows = [["ACCOUNT", "NUMBER", "STATE", "LINKED", "PHONE"]] + accounts.map(cells)
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let padded = zip(row, widths).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }
            return padded.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
        }.joined(separator: "\n")
    }

    private static func cells(of account: WebAccount) -> [String] {
        [
            account.name, account.number.map { "+\($0)" } ?? "-", state(of: account),
            account.linkedAt.map { $0.formatted(.iso8601) } ?? "-", account.platform ?? "-",
        ]
    }

    private static func state(of account: WebAccount) -> String {
        switch (account.state, account.reason) {
        case (.unlinked, .removed?): "unlinked (removed)"
        case (.unlinked, .accountLocked?): "unlinked (locked)"
        case (.unlinked, .banned?): "unlinked (banned)"
        case (let state, _): state.rawValue
        }
    }

    /// One JSON object a line.
    static func json(_ accounts: [WebAccount]) throws -> [String] {
        struct Line: Encodable {
            let account: String
            let number: String?
            let state: String
            let reason: Int?
            let linkedAt: String?
            let platform: String?
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return try accounts.map { account in
            let line = Line(
                account: account.name, number: account.number, state: account.state.rawValue,
                reason: account.reason?.rawValue, linkedAt: account.linkedAt?.formatted(.iso8601),
                platform: account.platform)
            return String(decoding: try encoder.encode(line), as: UTF8.self)
        }
    }
}

extension WebAccount {
    /// The telephone number, digits alone.
    var number: String? { phoneNumber.map { String($0.prefix { $0 != ":" && $0 != "@" }) } }
}
