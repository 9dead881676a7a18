/// A chat of the crash test over a linked account: who asks, and where.
struct WebCrashChat: Sendable {
    /// Who asks.
    enum Writer: Sendable, Hashable {
        /// The phone of the account with this number.
        case phone(String)
        /// A real whatsmeow client.
        case whatsmeow
    }

    /// 0 ..< 1000, as in the marks.
    let number: Int
    let writer: Writer
    /// Where the questions go: the bot's number, or the address of a group.
    let address: String

    var isGroup: Bool { address.hasSuffix("@g.us") }

    /// The words of a question; in groups and in every other chat it is a command.
    func words(_ question: CrashQuestion) -> String {
        question.words(isCommand: isGroup || number.isMultiple(of: 2))
    }

    /// The number of the account of the real whatsmeow client.
    static let whatsmeowNumber = "15550300000"

    /// The phone that asks in the direct chat `number`, a fictitious one.
    static func phone(_ number: Int) -> String { String(15_550_200_000 + number) }

    /// Direct chats, and groups of three phones each in which all write; the whatsmeow client has a direct chat and is
    /// in the first group.
    static func make(direct: Int, groups: Int, hasWhatsmeow: Bool, in web: EmulatedWeb) async throws -> [WebCrashChat] {
        try await web.makeAccounts(from: 15_550_200_000, count: max(direct, 3 * groups))
        var chats = (0..<direct).map {
            WebCrashChat(number: $0, writer: .phone(phone($0)), address: EmulatedWeb.bot)
        }
        if hasWhatsmeow {
            chats.append(WebCrashChat(number: chats.count, writer: .whatsmeow, address: EmulatedWeb.bot))
        }
        for group in 0..<groups {
            let members = (0..<3).map { phone(3 * group + $0) }
            let guest = hasWhatsmeow && group == 0 ? [whatsmeowNumber] : []
            let address = try await web.makeGroup(
                of: members[0], with: members.dropFirst() + [EmulatedWeb.bot] + guest)
            for member in members {
                chats.append(WebCrashChat(number: chats.count, writer: .phone(member), address: address))
            }
            if !guest.isEmpty {
                chats.append(WebCrashChat(number: chats.count, writer: .whatsmeow, address: address))
            }
        }
        return chats
    }
}
