import BotKit
import Synchronization
import WhatsAppCloud

/// Our numbers, and which business account each belongs to, as webhooks and health checks tell.
final class CloudAccounts: Sendable {
    private let states: [AccountID: AccountState]
    private let table: CloudNumberTable
    /// What is stored, as far as this process stored it: so that not every webhook writes it again.
    private let stored = Mutex<[AccountID: BusinessAccountID]>([:])

    init(_ states: [AccountState], table: CloudNumberTable) {
        self.states = Dictionary(uniqueKeysWithValues: states.map { ($0.account, $0) })
        self.table = table
    }

    /// The account of one of our numbers; `nil` for a foreign number.
    func account(of number: PhoneNumberID) -> AccountID? {
        states[AccountID(provider: CloudUser.provider, name: number.rawValue)]?.account
    }

    /// The statements that store whose numbers are, where this process did not do so yet.
    func writes(for owners: [AccountID: BusinessAccountID]) -> [SQL] {
        let stored = stored.withLock { $0 }
        return owners.filter { stored[$0.key] != $0.value }.map { CloudNumberTable.note($0.key, of: $0.value) }
    }

    /// Those statements ran.
    func noteStored(_ owners: [AccountID: BusinessAccountID]) {
        stored.withLock { stored in
            for (account, business) in owners where stored[account] != business { stored[account] = business }
        }
    }

    /// Stores whose a number is.
    func learn(_ account: AccountID, belongsTo business: BusinessAccountID) async throws {
        let writes = writes(for: [account: business])
        guard !writes.isEmpty else { return }
        _ = try await table.database.transaction(writes)
        noteStored([account: business])
    }

    /// Whom an event of a business account concerns.
    struct Concerned {
        /// Our numbers of that account.
        var numbers: [AccountState] = []
        /// Our numbers of which nobody told us the account yet.
        var perhaps: [AccountState] = []
        /// Whether it is another account than those of all our numbers.
        var isNobody: Bool { numbers.isEmpty && perhaps.isEmpty }
        /// Our numbers of that account, or those that may be, for the log.
        var names: String {
            let names = (numbers.isEmpty ? perhaps : numbers).map(\.account.rawValue).sorted()
            return names.isEmpty ? "none" : names.joined(separator: ",")
        }
    }

    /// - Parameter business: `nil` when the event does not say.
    func concerned(by business: String?) async throws -> Concerned {
        let owners = try await table.owners()
        var concerned = Concerned()
        for (account, state) in states {
            guard let business, let owner = owners[account] else {
                concerned.perhaps.append(state)
                continue
            }
            if owner == business { concerned.numbers.append(state) }
        }
        return concerned
    }
}
