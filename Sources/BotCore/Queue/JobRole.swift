public import BotKit
import Foundation

/// What a process does of the stored work.
public enum JobRole: Sendable {
    /// All of it.
    case bot
    /// Heavy work of these accounts alone, beside the bot, which sends what comes of it.
    case worker(for: @Sendable () -> [AccountID])

    var isWorker: Bool { if case .worker = self { true } else { false } }

    /// How long heavy work waits for the connection of its account.
    private static let patience = Duration.seconds(86_400)

    /// Which heavy jobs it may take, as a condition.
    /// - Parameter absent: accounts without a connection. The files that their work is about cannot be had, and nobody
    ///   would read that it failed; a bot leaves it until they are back.
    func condition(without absent: [AccountID], at now: Date) -> SQL {
        guard case .worker(let accounts) = self else {
            let old: SQL = "created_at <= \(now.adding(.zero - Self.patience))"
            return absent.reduce("1 = 1") { "\($0) AND (NOT (\(Self.isOf($1))) OR \(old))" }
        }
        return accounts().reduce("1 = 0") { "\($0) OR \(Self.isOf($1))" }
    }

    private static func isOf(_ account: AccountID) -> SQL {
        let prefix = "\(account.rawValue)/"
        return "substr(COALESCE(chat, ''), 1, \(prefix.count)) = \(prefix)"
    }
}
