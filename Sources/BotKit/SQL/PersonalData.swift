/// How a table holds data about people, declared beside its migration: erasure, export and retention read it.
public struct PersonalData: Sendable, Hashable {
    /// How long rows stay.
    public enum Keeping: Sendable, Hashable {
        /// Removed when the row's time is older than this many days.
        case days(Int)
        /// As long as the chat has it: by `!retention`, and shorter without consent (`!privacy`). The table has a chat,
        /// a time with an index, and its key in `id`.
        case conversation
        /// Kept until its owner or the operator removes it.
        case untilErased
    }
    /// What its rows are to the person, which says when their own erasure removes them.
    public enum Nature: Sendable, Hashable {
        case record
        /// What the bot needs to write to the person: it goes last, when the receipt went out.
        case address
        /// What was decided about the person, or keeps somebody out: their own erasure leaves it.
        case decision
    }

    public let table: SQLName
    /// The column with the `MemberID`, if rows belong to a person.
    public let member: SQLName?
    /// The column with the `ChatID`, if rows belong to a chat.
    public let chat: SQLName?
    /// The column with the row's time, milliseconds since 1970.
    public let time: SQLName?
    public let keeping: Keeping
    /// Rows that retention must leave, as a condition such as `state = 'queued'`.
    public let unless: SQL?
    /// Of a conversation, rows that stay for the chat's retention although nobody writes there and nobody agreed: what
    /// the operator has yet to look at.
    public let evenInSilence: SQL?
    public let nature: Nature
    /// Columns that no export shows: secrets.
    public let hidden: [SQLName]
    /// The column with the name of a file in the folder for exports, which goes with its row.
    public let file: SQLName?
    /// A column with JSON that may name people and chats.
    public let naming: SQLName?
    /// Whether the wipe of a group leaves its rows: they say how the bot is to be there, and nothing about people.
    public let staysWithGroup: Bool
    /// What else must become true when two members turn out to be one person.
    public let joining: Joining?
    /// What its rows are called before members, such as "Messages that you wrote".
    public let title: Text?

    public init(
        _ table: SQLName, member: SQLName? = nil, chat: SQLName? = nil, time: SQLName? = nil, keeping: Keeping,
        unless: SQL? = nil, evenInSilence: SQL? = nil, as nature: Nature = .record, hiding hidden: [SQLName] = [],
        file: SQLName? = nil,
        naming: SQLName? = nil, staysWithGroup: Bool = false, called title: Text? = nil, joining: Joining? = nil
    ) {
        self.table = table
        self.member = member
        self.chat = chat
        self.time = time
        self.keeping = keeping
        self.unless = unless
        self.evenInSilence = evenInSilence
        self.nature = nature
        self.hidden = hidden
        self.file = file
        self.naming = naming
        self.staysWithGroup = staysWithGroup
        self.title = title
        self.joining = joining
    }

    /// A table that holds nothing about people.
    public static func none(_ table: SQLName) -> PersonalData { PersonalData(table, keeping: .untilErased) }
}
