import BotKit
import Synchronization
import WhatsAppCloud

/// Our numbers, and which business account each belongs to, as webhooks tell.
final class CloudAccounts: Sendable {
    private let states: [String: AccountState]
    private let owners = Mutex<[String: String]>([:])

    init(_ states: [AccountState]) {
        self.states = Dictionary(uniqueKeysWithValues: states.map { ($0.account.name, $0) })
    }

    /// The account of one of our numbers; `nil` for a foreign number.
    func account(of number: PhoneNumberID, in business: BusinessAccountID?) -> AccountID? {
        guard let state = states[number.rawValue] else { return nil }
        if let business {
            owners.withLock { owners in
                if owners[number.rawValue] != business.rawValue { owners[number.rawValue] = business.rawValue }
            }
        }
        return state.account
    }

    /// The numbers that an event of `business` concerns: those of that account, and those of which it is not known.
    func states(of business: String?) -> [AccountState] {
        let owners = owners.withLock { $0 }
        return states.values.filter { state in
            guard let business, let owner = owners[state.account.name] else { return true }
            return owner == business
        }
    }
}
