import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

/// What a phone sends to a new companion: keys of the app state, settings, contacts, history.
extension WebWorld {
    /// Sends it when the companion asks for stanzas for the first time.
    func welcome(_ device: EmulatedDevice) {
        guard device.awaitsWelcome else { return }
        device.awaitsWelcome = false
        let account = device.account
        let phone = phone(of: account)
        shareKey(phone, with: device)
        do {
            if phone.state.collections["critical_block"] == nil {
                try setState(of: phone, "critical_block", ["setting_pushName"], version: 1) {
                    $0.pushName.name = account.name
                }
                for contact in contacts(of: account).prefix(500) {
                    try setState(of: phone, "critical_unblock_low", ["contact", contact.lid.description], version: 2) {
                        $0.contact.fullName = contact.name
                        $0.contact.firstName = contact.name.split(separator: " ").first.map(String.init) ?? contact.name
                        $0.contact.lidJid = contact.lid.description
                        $0.contact.phoneNumberJid = contact.phoneNumber.description
                    }
                }
            }
            let everybody = [account] + contacts(of: account)
            try sendHistory(phone, everybody, to: device)
        } catch {
            log.note("phone \(account.number) could not welcome \(device.phoneNumber): \(error)")
        }
    }

    /// Makes one change of the app state as the phone.
    func setState(
        of phone: EmulatedPhone, _ name: String, _ index: [String], version: Int32,
        _ change: (inout WASyncActionValue) -> Void
    ) throws {
        let patch = try phone.state.patch(name, index: index, version: version, at: now, change)
        append(patch, to: name, of: phone.account, by: phone.device)
    }

    /// Gives a companion the key of the app state.
    func shareKey(_ phone: EmulatedPhone, with device: EmulatedDevice) {
        var key = WAAppStateSyncKey()
        key.keyID.keyID = Data(phone.state.keyID)
        key.keyData.keyData = Data(phone.state.keyData)
        key.keyData.fingerprint.rawID = phone.rawID
        key.keyData.fingerprint.currentIndex = phone.keyIndex
        key.keyData.fingerprint.deviceIndexes = Array(0...phone.keyIndex)
        key.keyData.timestamp = Int64(now)
        var message = WAMessage()
        message.protocolMessage.kind = .appStateSyncKeyShare
        message.protocolMessage.appStateSyncKeyShare.keys = [key]
        phoneSendsPeer(message, from: phone, to: device)
    }

    /// The conversations in the message itself, the names as a file to fetch.
    private func sendHistory(_ phone: EmulatedPhone, _ everybody: [EmulatedAccount], to device: EmulatedDevice) throws {
        var bootstrap = WAHistorySync()
        bootstrap.syncType = .initialBootstrap
        bootstrap.conversations = Self.conversations(phone.history)
        bootstrap.chunkOrder = 1
        bootstrap.progress = 100
        bootstrap.phoneNumberToLidMappings = everybody.map { account in
            var mapping = WAPhoneNumberToLIDMapping()
            mapping.phoneNumberJid = account.phoneNumber.description
            mapping.lidJid = account.lid.description
            return mapping
        }
        let inline = try Deflater.deflate(bootstrap.serializedBytes())
        phoneSendsPeer(
            Self.notification(.initialBootstrap) { $0.inlinePayload = Data(inline) }, from: phone, to: device)
        var names = WAHistorySync()
        names.syncType = .pushName
        names.progress = 100
        names.pushNames = everybody.map { account in
            var name = WAPushName()
            name.id = account.phoneNumber.description
            name.name = account.name
            return name
        }
        let sealed = try SealedMedia(Deflater.deflate(names.serializedBytes()), info: "WhatsApp History Keys")
        let path = keepMedia(sealed.blob)
        let message = Self.notification(.pushName) { part in
            part.fileSha256 = sealed.sha256
            part.fileLength = UInt64(sealed.byteCount)
            part.mediaKey = Data(sealed.key)
            part.fileEncSha256 = sealed.encryptedSHA256
            part.directPath = path
        }
        phoneSendsPeer(message, from: phone, to: device)
    }

    private static func notification(
        _ kind: WAHistorySyncType, _ fill: (inout WAHistorySyncNotification) -> Void
    ) -> WAMessage {
        var part = WAHistorySyncNotification()
        part.syncType = kind
        part.chunkOrder = 1
        part.progress = 100
        fill(&part)
        var message = WAMessage()
        message.protocolMessage.kind = .historySyncNotification
        message.protocolMessage.historySyncNotification = part
        return message
    }

    /// The newest message of each chat first, as phones have it.
    private static func conversations(_ history: [EmulatedPhone.HistoryEntry]) -> [WAConversation] {
        Dictionary(grouping: history) { $0.chat }.sorted { $0.key.description < $1.key.description }.map {
            chat, entries in
            var conversation = WAConversation()
            conversation.id = chat.description
            conversation.conversationTimestamp = UInt64(entries.last?.time ?? 0)
            conversation.messages = entries.enumerated().reversed().map { index, entry in
                var item = WAHistorySyncMessage()
                item.orderID = UInt64(index + 1)
                item.message.key.remoteJid = chat.description
                item.message.key.fromMe = entry.isOwn
                item.message.key.id = entry.id
                item.message.message = entry.message
                item.message.messageTimestamp = UInt64(entry.time)
                item.message.pushName = entry.name
                if let participant = entry.participant {
                    item.message.key.participant = participant.description
                    item.message.participant = participant.description
                }
                return item
            }
            return conversation
        }
    }
}
