public import BotKit
import Foundation

extension PrivacyLedger: ConsentDesk {
    public func question(for turn: Turn) async throws -> Answer? {
        let now = turn.receivedAt
        guard rests.isDue(turn.chat.id, at: now) else { return nil }
        let choice = try await choice(of: turn.chat.id)
        guard choice.isOpen, !choice.isAsked else {
            rests.rest(turn.chat.id, from: now, until: now.addingTimeInterval(Self.rest))
            return nil
        }
        // What is older is there only because somebody goes on writing, or until the next night.
        let running = 3_600 * Double(choice.runningHours)
        let oldest = try await oldest(in: turn.chat.id) ?? now
        guard oldest < now.addingTimeInterval(-running) else {
            rests.rest(turn.chat.id, from: now, until: oldest.addingTimeInterval(running))
            return nil
        }
        return asking(choice, in: turn)
    }

    /// For how many seconds a chat is not looked at again where it was asked, or somebody has decided. Only a wipe
    /// changes that.
    private static let rest: TimeInterval = 3_600

    /// When the first was said of what is kept of a chat.
    private func oldest(in chat: ChatID) async throws -> Date? {
        // The sum keeps the store from looking for the oldest of all chats first.
        try await database.rows("SELECT MIN(received_at + 0) AS oldest FROM inbox WHERE chat = \(chat)")
            .first?.optionalDate("oldest")
    }

    public func asking(_ choice: PrivacyChoice, in turn: Turn) -> Answer {
        let note: SQL = """
            INSERT INTO privacy_choice (chat, asked_at, changed_at)
            VALUES (\(turn.chat.id), \(turn.receivedAt), \(turn.receivedAt))
            ON CONFLICT (chat) DO UPDATE SET asked_at = excluded.asked_at
            """
        let values = ["days": "\(choice.days)", "hours": "\(choice.runningHours)"]
        guard !turn.chat.isGroup else { return Answer([.text(.mayIKeepGroup.with(values))], writes: [note]) }
        let menu = Menu(
            question: .text(.mayIKeep.with(values)),
            options: [
                .init(id: "!privacy accept", title: .text(.agree)),
                .init(id: "!privacy decline", title: .text(.doNotAgree)),
            ])
        return Answer([.menu(menu)], writes: [note])
    }
}

extension Text {
    fileprivate static let mayIKeep = Text(
        "core.may_i_keep",
        en:
            "May I keep this chat for {days} days, so that I remember what we talked about? Otherwise it is removed "
            + "once nobody has written here for {hours} hours.",
        he:
            "אפשר לשמור את הצ׳אט הזה ל־{days} ימים, כדי שאזכור על מה דיברנו? אחרת הוא נמחק אחרי {hours} שעות של שקט."
    )
    fileprivate static let agree = Text("core.consent_agree", en: "Yes, I agree", he: "כן, בסדר")
    fileprivate static let doNotAgree = Text("core.consent_decline", en: "No, thanks", he: "לא, תודה")
    fileprivate static let mayIKeepGroup = Text(
        "core.may_i_keep_group",
        en:
            "For everybody: of this group I keep only the running conversation; it is removed once nobody has written "
            + "here for {hours} hours. An admin of the group can let me keep it for {days} days: !privacy accept",
        he: "לידיעת כולם: אני שומר מהקבוצה הזאת רק את השיחה הנוכחית, והיא נמחקת אחרי {hours} שעות בלי הודעות. כדי "
            + "שהיא תישמר ל־{days} ימים, אחד ממנהלי הקבוצה יכול לשלוח !privacy accept")
}
