import BotKit
import Foundation
import WhatsAppWire

/// A person as this network knows one: by hidden id, number, or both.
struct WebUser: Sendable, Hashable {
    /// What the person is called by.
    var address: JID
    /// Digits only.
    var phone: String?
    /// What they call themselves.
    var name: String?
    /// When they were seen last, to the day.
    var seenAt: Date

    var member: MemberID { MemberID(address: address) }
    func chat(of account: AccountID) -> ChatID { ChatID(account: account, address: address) }

    /// What one message shows of its sender.
    struct Sighting: Sendable {
        /// The two addresses, of which there is one at least.
        let lid: JID?
        let phone: String?
        let name: String?

        /// - Returns: `nil` when neither address is a person's.
        init?(_ addresses: [JID?], name: String?) {
            let addresses = addresses.compactMap { $0?.withoutDevice }.filter(\.isUser)
            lid = addresses.first(where: \.isLID).map { .lid($0.user) }
            phone = addresses.first(where: \.isPhoneNumber)?.user
            guard lid != nil || phone != nil else { return nil }
            self.name = name.flatMap { $0.isEmpty ? nil : String($0.prefix(200)) }
        }
    }
}
