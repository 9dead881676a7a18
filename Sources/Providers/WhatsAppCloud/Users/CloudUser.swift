import BotKit
import Foundation
import WhatsAppCloud

/// A person as this network knows one: by number, by business-scoped id, or both.
///
/// The number and the ids change; the row and so the member and chat ids stay, and with them the history.
struct CloudUser: Sendable, Hashable {
    static let provider: ProviderID = "cloud"

    let id: Int64
    /// Digits only.
    var phone: String?
    /// Since when the number is known to be theirs, as the network says; `nil` for longer than anybody noted.
    var phoneSince: Date?
    /// The id towards our portfolio.
    var userID: String?
    /// The id towards the parent portfolio.
    var parentID: String?
    var username: String?
    var name: String?
    /// Whether the person wants no marketing messages.
    var refusesMarketing = false
    /// The row that this one was found to be the same person as.
    var mergedInto: Int64?
    /// Grows with every change, over all rows: a late write never undoes a newer one.
    var revision: Int64
    /// When the person was seen last, to the day.
    var seenAt: Date

    var member: MemberID { Self.member(mergedInto ?? id) }

    static func member(_ id: Int64) -> MemberID { MemberID(provider: provider, name: "u\(id)") }

    /// The direct chat of the person with one of our numbers.
    func chat(of account: AccountID) -> ChatID { ChatID(account: account, name: "u\(id)") }

    /// The row that a direct chat belongs to; `nil` for a group.
    static func row(of chat: ChatID) -> Int64? {
        let name = chat.name
        return name.hasPrefix("u") ? Int64(name.dropFirst()) : nil
    }

    /// The row that a member's name stands for; `nil` for one of another network.
    static func row(of member: MemberID) -> Int64? {
        guard member.provider == provider, member.name.hasPrefix("u") else { return nil }
        return Int64(member.name.dropFirst())
    }

    /// How the person is written to: by number when it is known, else by id.
    var recipient: Recipient? {
        phone.map { .number($0) } ?? userID.map { .user(BusinessScopedUserID(rawValue: $0)) }
    }
}
