import WhatsAppProto
import WhatsAppWire

/// What the phones could read and what not: the newest texts, each under a number, so that whoever follows a load asks
/// for no text twice.
struct ReadingLog {
    /// A text of somebody else, as a phone shows it.
    struct Entry {
        /// The number of the account whose phone it is.
        let reader: String
        let chat: JID
        let sender: JID
        let id: String
        let text: String
        /// The message that it quotes; empty when it quotes none.
        let quotes: String
    }

    private static let most = 200_000
    private var texts: [Entry] = []
    /// How many texts were given up.
    private var dropped = 0
    /// How many messages were decrypted.
    private(set) var read = 0
    /// How many could not be.
    private(set) var unreadable = 0

    mutating func note(_ entry: EmulatedPhone.InboxEntry, of phone: EmulatedPhone, isOwn: Bool) {
        read += 1
        let message = entry.message
        guard !isOwn, message.hasConversation || message.hasExtendedText else { return }
        texts.append(
            Entry(
                reader: phone.account.number, chat: entry.chat, sender: entry.sender, id: entry.id,
                text: message.hasConversation ? message.conversation : message.extendedText.text,
                quotes: message.extendedText.contextInfo.stanzaID))
        guard texts.count > Self.most else { return }
        texts.removeFirst(Self.most / 2)
        dropped += Self.most / 2
    }

    mutating func noteUnreadable() { unreadable += 1 }

    /// The texts after number `since`, and the number of the last.
    func texts(since: Int) -> (texts: ArraySlice<Entry>, last: Int) {
        (texts.dropFirst(max(0, since - dropped)), dropped + texts.count)
    }
}
