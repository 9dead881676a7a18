import BotKit
import Foundation
import WhatsAppCloud

/// What one update shows of a user: number and ids that belong together, and perhaps more.
struct Sighting: Sendable {
    /// What the update does to the user's row.
    enum Effect: Sendable {
        /// The user wrote at a time of the network: the row is made if there is none.
        case wrote(at: Date)
        /// Something became known about somebody who may be known.
        case learnt
        /// The network says that number or id changed to these, and when.
        case changed(to: Keys, isNumberChange: Bool, at: Date)
        /// The user decided about marketing.
        case marketing(refused: Bool)
    }

    /// What a user is found by.
    struct Keys: Sendable, Hashable {
        /// Digits only.
        var phone: String?
        var userID: String?
        var parentID: String?

        var isEmpty: Bool { phone == nil && userID == nil && parentID == nil }

        init(phone: WhatsAppUserNumber?, userID: BusinessScopedUserID?, parentID: BusinessScopedUserID? = nil) {
            self.phone = phone.flatMap { Self.digits($0.rawValue) }
            self.userID = (userID ?? phone.map { BusinessScopedUserID(rawValue: $0.rawValue) }).flatMap(Self.id)
            self.parentID = parentID.flatMap(Self.id)
        }

        private static func digits(_ text: String) -> String? {
            let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
            guard (5...15).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return nil
            }
            return String(digits)
        }

        private static func id(_ id: BusinessScopedUserID) -> String? { id.isWellFormed ? id.rawValue : nil }
    }

    var keys: Keys
    var name: String?
    var username: String?
    var effect: Effect

    init(keys: Keys, name: String? = nil, username: String? = nil, effect: Effect) {
        self.keys = keys
        self.name = name.map { String($0.prefix(200)) }
        self.username = username.map { String($0.prefix(100)) }
        self.effect = effect
    }

    /// Who wrote a message.
    init(_ message: IncomingMessage) {
        self.init(
            keys: Keys(phone: message.from, userID: message.userID, parentID: message.parentUserID),
            name: message.contact?.name, username: message.contact?.username,
            effect: .wrote(at: message.timestamp))
    }

    /// Whose number or id a notice changes; `nil` for other notices.
    init?(_ notice: SystemNotice, in message: IncomingMessage) {
        let isNumberChange: Bool
        switch notice.kind {
        case .numberChanged: isNumberChange = true
        case .userIDChanged: isNumberChange = false
        case .identityChanged, .other: return nil
        }
        let new = Keys(phone: notice.newNumber, userID: notice.newUserID, parentID: notice.newParentUserID)
        guard !new.isEmpty else { return nil }
        self.init(
            keys: Keys(
                phone: notice.previousNumber ?? message.from, userID: message.userID, parentID: message.parentUserID),
            effect: .changed(to: new, isNumberChange: isNumberChange, at: message.timestamp))
    }

    /// Whom a message of ours went to, when the status shows number and id together or asks for the row.
    init?(_ status: StatusUpdate) {
        guard !status.isGroup else { return nil }
        let keys = Keys(
            phone: status.recipientID.map { WhatsAppUserNumber(rawValue: $0) }, userID: status.recipientUserID,
            parentID: status.contact?.parentUserID)
        guard keys.phone != nil && keys.userID != nil || (status.status == .failed && !keys.isEmpty) else { return nil }
        self.init(keys: keys, effect: .learnt)
    }

    /// Who called.
    init(_ call: CallEvent) {
        self.init(keys: Keys(phone: call.from, userID: call.fromUserID), effect: .learnt)
    }

    /// Who decided about marketing.
    init(_ preference: MarketingPreference) {
        self.init(
            keys: Keys(phone: preference.number, userID: preference.userID),
            effect: .marketing(refused: preference.isStop))
    }
}
