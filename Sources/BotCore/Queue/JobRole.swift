public import BotKit

/// What a process does of the stored work.
public enum JobRole: Sendable {
    /// All of it.
    case bot
    /// Heavy work of these accounts alone, beside the bot, which sends what comes of it.
    case worker(for: @Sendable () -> [AccountID])

    var isWorker: Bool { if case .worker = self { true } else { false } }

    /// Whose heavy jobs it may take, as a condition.
    var condition: SQL {
        guard case .worker(let accounts) = self else { return "1 = 1" }
        return accounts().map(\.rawValue).reduce("1 = 0") { condition, account in
            let prefix = "\(account)/"
            return "\(condition) OR substr(chat, 1, \(prefix.count)) = \(prefix)"
        }
    }
}
