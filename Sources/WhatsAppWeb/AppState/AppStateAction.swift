public import Foundation
public import WhatsAppWire
import WhatsAppProto

/// A change of the account's own state that is told to its other devices.
public enum AppStateAction: Sendable, Hashable {
    /// Silent until then. Nil: not silent.
    case mute(JID, AppStateEvent.MuteEnd?)
    case pin(JID, Bool)
    /// With the newest message of the chat, if it is known. Archiving also takes down the pin.
    case archive(JID, Bool, newest: NewestMessage?)
    /// With the newest message of the chat, if it is known.
    case markRead(JID, Bool, newest: NewestMessage?)
    /// What the own account calls itself.
    case pushName(String)
    /// Names somebody in the address book; nil deletes the entry.
    case contact(JID, AppStateEvent.ContactNames?)

    /// The newest message of a chat, so that a change does not touch later ones.
    public struct NewestMessage: Sendable, Hashable {
        public var message: MessageReference
        public var sentAt: Date

        public init(_ message: MessageReference, sentAt: Date) {
            self.message = message
            self.sentAt = sentAt
        }
    }

    /// The collection that it belongs to.
    var collection: AppStateCollection {
        switch self {
        case .mute: .regularHigh
        case .pin, .archive, .markRead: .regularLow
        case .pushName: .criticalBlock
        case .contact: .criticalUnblockLow
        }
    }

    /// One entry that it changes.
    struct Entry {
        var index: [String]
        var version: Int32
        var value = WASyncActionValue()
        var operation = AppStateRecord.Operation.set
    }

    /// The entries that it changes, as their versions are known.
    func entries(at now: Date) -> [Entry] {
        var entries = entriesWithoutTime(now)
        for index in entries.indices { entries[index].value.timestamp = now.messageMilliseconds }
        return entries
    }

    private func entriesWithoutTime(_ now: Date) -> [Entry] {
        switch self {
        case .mute(let chat, let end):
            var entry = Entry(index: ["mute", chat.description], version: 2)
            entry.value.mute.muted = end != nil
            switch end {
            case .never: entry.value.mute.muteEndTimestamp = -1
            case .at(let time): entry.value.mute.muteEndTimestamp = time.messageMilliseconds
            case nil: break
            }
            return [entry]
        case .pin(let chat, let isPinned): return [Self.pin(chat, isPinned)]
        case .archive(let chat, let isArchived, let newest):
            var entry = Entry(index: ["archive", chat.description], version: 3)
            entry.value.archiveChat.archived = isArchived
            entry.value.archiveChat.messageRange = Self.range(newest, now)
            return isArchived ? [entry, Self.pin(chat, false)] : [entry]
        case .markRead(let chat, let isRead, let newest):
            var entry = Entry(index: ["markChatAsRead", chat.description], version: 3)
            entry.value.markChatAsRead.read = isRead
            entry.value.markChatAsRead.messageRange = Self.range(newest, now)
            return [entry]
        case .pushName(let name):
            var entry = Entry(index: ["setting_pushName"], version: 1)
            entry.value.pushName.name = name
            return [entry]
        case .contact(let user, let names): return [Self.contact(user, names)]
        }
    }

    private static func pin(_ chat: JID, _ isPinned: Bool) -> Entry {
        var entry = Entry(index: ["pin_v1", chat.description], version: 5)
        entry.value.pin.pinned = isPinned
        return entry
    }

    private static func contact(_ user: JID, _ names: AppStateEvent.ContactNames?) -> Entry {
        var entry = Entry(index: ["contact", user.withoutDevice.description], version: 2)
        entry.value.contact = WAContactAction()
        guard let names else {
            entry.operation = .remove
            return entry
        }
        if let full = names.full { entry.value.contact.fullName = full }
        if let first = names.first { entry.value.contact.firstName = first }
        if let alias = names.alias {
            if user.isLID {
                entry.value.contact.phoneNumberJid = alias.description
            } else {
                entry.value.contact.lidJid = alias.description
            }
        }
        entry.value.contact.saveOnPrimaryAddressbook = true
        return entry
    }

    private static func range(_ newest: NewestMessage?, _ now: Date) -> WASyncActionMessageRange {
        var range = WASyncActionMessageRange()
        let seconds = (newest?.sentAt ?? now).messageSeconds
        range.lastMessageTimestamp = seconds
        if let newest {
            var message = WASyncActionMessage()
            message.key = newest.message.key
            message.timestamp = seconds
            range.messages = [message]
        }
        return range
    }
}
