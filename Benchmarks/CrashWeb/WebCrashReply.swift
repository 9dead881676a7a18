/// A text that came to a member.
struct WebCrashReply: Sendable {
    let reader: WebCrashChat.Writer
    /// The group that it came in; nil in a direct chat.
    let group: String?
    let id: String
    let text: String
    /// The message that it quotes.
    let quotes: String?
    let questions: [CrashQuestion]

    /// Whether it says that the work on the quoted question goes on.
    var isReceipt: Bool { CrashImages.isReceipt(text) }

    private init(reader: WebCrashChat.Writer, chat: String, id: String, text: String, quotes: String?) {
        self.reader = reader
        group = chat.hasSuffix("@g.us") ? chat : nil
        self.id = id
        self.text = text
        self.quotes = quotes
        questions = Token.all(in: Array(text.utf8)).map(CrashQuestion.init)
    }

    /// What a phone read; nil when a member wrote it.
    init?(_ text: EmulatedWeb.Text, bot: EmulatedWeb.Device) {
        guard Self.user(text.sender) == Self.user(bot.jid) || Self.user(text.sender) == Self.user(bot.lid) else {
            return nil
        }
        // The second device of the whatsmeow client's account is counted by what that client tells.
        guard text.reader != WebCrashChat.whatsmeowNumber else { return nil }
        self.init(
            reader: .phone(text.reader), chat: text.chat, id: text.id, text: text.text, quotes: text.quotes)
    }

    /// What the whatsmeow client told; nil when it is something else.
    init?(_ event: WhatsmeowProcess.Event, bot: EmulatedWeb.Device) {
        guard event.event == "message", event.own != true, let text = event.text, let chat = event.chat,
            // A group's key that comes for itself is told as a message without text.
            !text.isEmpty, let sender = event.sender, let id = event.id,
            Self.user(sender) == Self.user(bot.jid) || Self.user(sender) == Self.user(bot.lid)
        else { return nil }
        self.init(reader: .whatsmeow, chat: chat, id: id, text: text, quotes: event.quoted)
    }

    /// The user of an address without device and server.
    private static func user(_ address: String) -> Substring { address.prefix { $0 != "@" && $0 != ":" } }
}
