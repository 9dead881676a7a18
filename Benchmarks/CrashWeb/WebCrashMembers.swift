/// What the members of the crash test have received.
actor WebCrashMembers {
    nonisolated let web: EmulatedWeb
    private let whatsmeow: WhatsmeowProcess?
    nonisolated let bot: EmulatedWeb.Device
    private var fromPhones: [WebCrashReply] = []
    private var last = 0

    init(web: EmulatedWeb, whatsmeow: WhatsmeowProcess?, bot: EmulatedWeb.Device) {
        self.web = web
        self.whatsmeow = whatsmeow
        self.bot = bot
    }

    /// All texts of the bot so far, in the order in which each member got them.
    func replies() async throws -> [WebCrashReply] {
        let new = try await web.texts(since: last)
        last = new.last
        fromPhones += new.texts.compactMap { WebCrashReply($0, bot: bot) }
        let events = await whatsmeow?.allEvents() ?? []
        return fromPhones + events.compactMap { WebCrashReply($0, bot: bot) }
    }

    /// How many messages the whatsmeow client asked for again: it loses updates of its own ratchets at times.
    func retriesOfWhatsmeow() async -> Int {
        await whatsmeow?.allEvents().count { $0.event == "unreadable" } ?? 0
    }
}
