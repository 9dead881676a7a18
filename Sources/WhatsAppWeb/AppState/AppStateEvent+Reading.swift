import Foundation
import WhatsAppProto
import WhatsAppWire

extension AppStateEvent {
    /// What an entry means.
    init(index: [String], value: WASyncActionValue, isRemoved: Bool, isFromSnapshot: Bool) {
        change =
            Self.chat(index, value, isRemoved) ?? Self.message(index, value, isRemoved)
            ?? Self.account(index, value, isRemoved) ?? .other(index, isRemoved: isRemoved)
        at = Date(messageMilliseconds: value.timestamp)
        self.isFromSnapshot = isFromSnapshot
    }

    private static func chat(_ index: [String], _ value: WASyncActionValue, _ isRemoved: Bool) -> Change? {
        guard index.count >= 2, let chat = JID(index[1])?.withoutDevice, !chat.isServer else { return nil }
        switch index[0] {
        case "contact": return contact(chat, value, isRemoved)
        case "lid_contact":
            if isRemoved { return .contact(chat, nil) }
            let names = value.lidContact
            return .contact(chat, ContactNames(full: names.fullName.ifNotEmpty, first: names.firstName.ifNotEmpty))
        case "mute" where !isRemoved:
            guard value.mute.muted else { return .muted(chat, nil) }
            return .muted(chat, Date(messageMilliseconds: value.mute.muteEndTimestamp).map { .at($0) } ?? .never)
        case "pin_v1" where !isRemoved: return .pinned(chat, value.pin.pinned)
        case "archive" where !isRemoved: return .archived(chat, value.archiveChat.archived)
        case "markChatAsRead" where !isRemoved: return .markedRead(chat, value.markChatAsRead.read)
        case "clearChat" where !isRemoved: return .chatCleared(chat)
        case "deleteChat" where !isRemoved: return .chatDeleted(chat)
        case "pnForLidChat" where !isRemoved:
            guard let phone = JID(value.phoneNumberForLid.phoneNumberJid), phone.isPhoneNumber else { return nil }
            return .alias(lid: chat, phone: phone.withoutDevice)
        default: return nil
        }
    }

    private static func contact(_ chat: JID, _ value: WASyncActionValue, _ isRemoved: Bool) -> Change {
        guard !isRemoved else { return .contact(chat, nil) }
        let names = value.contact
        let other = chat.isLID ? names.phoneNumberJid : names.lidJid
        return .contact(
            chat,
            ContactNames(
                full: names.fullName.ifNotEmpty, first: names.firstName.ifNotEmpty,
                alias: JID(other).flatMap { $0.isUser ? $0.withoutDevice : nil }))
    }

    private static func message(_ index: [String], _ value: WASyncActionValue, _ isRemoved: Bool) -> Change? {
        guard index.count >= 3, !isRemoved, let chat = JID(index[1])?.withoutDevice else { return nil }
        switch index[0] {
        case "star": return .starred(index[2], inChat: chat, value.star.starred)
        case "deleteMessageForMe": return .messageDeleted(index[2], inChat: chat)
        default: return nil
        }
    }

    private static func account(_ index: [String], _ value: WASyncActionValue, _ isRemoved: Bool) -> Change? {
        switch index.first {
        case "setting_pushName" where !isRemoved: .pushName(value.pushName.name)
        case "setting_locale" where !isRemoved: .locale(value.locale.locale)
        case "nct_salt_sync":
            .tokenSalt(isRemoved ? nil : value.tokenSalt.salt.byteArrayIfAny)
        default: nil
        }
    }
}
