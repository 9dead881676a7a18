public import BotKit

/// `!help`: what the other features can do, for this member, in the member's language.
public struct HelpFeature: Feature {
    public static let name = "help"
    public let responders: [any Responder]

    /// - Parameters:
    ///   - features: those that are described, in the order in which they are listed.
    ///   - requiresPrefix: whether nothing is answered that does not begin with a command.
    public init(describing features: [any Feature], requiresPrefix: Bool) {
        responders = [
            HelpCommand(
                commands: features.flatMap(\.responders).compactMap { $0 as? any Command },
                requiresPrefix: requiresPrefix)
        ]
    }
}

/// `!help` lists the commands that the member may use.
struct HelpCommand: Command {
    let commands: [any Command]
    let requiresPrefix: Bool

    let words: Set<String> = ["help", "start", "עזרה"]
    let usage = Text("help.usage", en: "!help – this list", he: "!help – הרשימה הזאת")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        // An admin of the group learns of what such admins may there; to ask for each list would cost too much.
        let usable = commands.filter {
            turn.member.role >= $0.needs.role && !(turn.chat.isGroup && $0.needs.place == .directChats)
        }
        let needsCommand = turn.chat.isGroup ? turn.chat.activation == .prefix : requiresPrefix
        let intro: Text = needsCommand ? .byCommand : turn.chat.isGroup ? .inGroup : .inDirect
        return [.lines([intro] + usable.map(\.usage) + [usage])]
    }
}

extension Text {
    fileprivate static let inDirect = Text(
        "help.direct", en: "Just write to me, or send an image. I also know these commands (with ! or /):",
        he: "אפשר פשוט לכתוב לי או לשלוח תמונה. אני מכיר גם את הפקודות האלה (עם ! או /):")
    fileprivate static let byCommand = Text(
        "help.by_command", en: "Begin a message with one of these commands (with ! or /):",
        he: "כדי לפנות אליי, פותחים הודעה באחת הפקודות האלה (עם ! או /):")
    fileprivate static let inGroup = Text(
        "help.group", en: "Mention me or reply to one of my messages. I also know these commands (with ! or /):",
        he: "אפשר לתייג אותי או להגיב להודעה שלי. אני מכיר גם את הפקודות האלה (עם ! או /):")
}
