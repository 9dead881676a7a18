public import BotKit
public import Foundation
import WhatsAppWeb

/// Looks over what is stored of the linked accounts, without connecting any: the bot may run beside it.
public struct WhatsAppWebCheck: Sendable {
    /// What was found of one account.
    public struct Line: Sendable {
        /// What the owner calls it.
        public let account: String
        /// What is well, in a few words.
        public let detail: String
        /// What is not, if anything.
        public let problem: Misconfiguration?
    }

    private let database: any Database
    private let folder: URL

    /// - Parameter folder: the data folder.
    public init(_ database: any Database, folder: URL) {
        self.database = database
        self.folder = folder
    }

    /// One line for each account, in the order of their names.
    /// - Throws: `DatabaseError`.
    public func run() async throws -> [Line] {
        var lines: [Line] = []
        for account in try await WebAccounts(database).all() {
            let problem = try await problem(of: account)
            lines.append(Line(account: account.name, detail: "linked; its keys can be read", problem: problem))
        }
        return lines
    }

    private func problem(of account: WebAccount) async throws -> Misconfiguration? {
        switch account.state {
        case .linked: break
        case .linking:
            return Misconfiguration(
                account.name, "was never linked to its end", remedy: "Run martlet link --account \(account.name).")
        case .unlinked:
            return Misconfiguration(
                account.name, "is not linked any more",
                remedy: "Run martlet link --account \(account.name), or martlet accounts unlink \(account.name).")
        }
        if let problem = try await problemOfKeys(of: account) { return problem }
        return try await problemOfWitness(of: account)
    }

    private func problemOfKeys(of account: WebAccount) async throws -> Misconfiguration? {
        let file = WhatsAppWebNetwork.keyFile(in: folder)
        let lost = Misconfiguration(
            "key file",
            "\(file.path) is missing or not the one that the keys of account \(account.name) are sealed with",
            remedy: "Restore it from your backup, or run martlet accounts unlink \(account.name) and link it again.")
        guard FileManager.default.fileExists(atPath: file.path) else { return lost }
        do {
            let seal = ValueSeal(try WebKeyFile.loadOrMake(at: file), for: account.id)
            let entries = WebEntryTable(database: database, account: account.id, seal: seal)
            return try await entries.load([.credentials]).isEmpty ? lost : nil
        } catch is WebError {
            return lost
        } catch let problem as Misconfiguration {
            return problem
        }
    }

    /// The file is only read: the bot that runs holds it.
    private func problemOfWitness(of account: WebAccount) async throws -> Misconfiguration? {
        let file = folder.appending(path: "web-\(account.name).witness")
        let text = (try? String(contentsOf: file, encoding: .utf8))?.trimmingCharacters(in: .newlines)
        let stored = try await DatabaseWebStore.number(of: account.name, in: database)
        guard let noted = text.flatMap({ Int64($0) }), noted <= stored else {
            return Misconfiguration(
                account.name, "has a database that is older than what it has sent, as after a restored backup",
                remedy: "Nothing must be done: the next start begins its conversations' keys anew.")
        }
        return nil
    }
}
