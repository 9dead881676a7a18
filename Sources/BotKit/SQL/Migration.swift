/// A step of a schema that is never changed once it has shipped.
public struct Migration: Sendable {
    /// Unique in the product and sorted within its owner: `chat.0001`.
    public let id: String
    public let statements: [SQL]

    public init(_ id: String, _ statements: [SQL]) {
        self.id = id
        self.statements = statements
    }
}

/// How a table holds data about people, declared beside its migration: erasure, export and retention read it.
public struct PersonalData: Sendable, Hashable {
    /// How long rows stay.
    public enum Keeping: Sendable, Hashable {
        /// Removed when the row's time is older than this many days.
        case days(Int)
        /// Kept until its owner or the operator removes it.
        case untilErased
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
    /// What else must become true when two members turn out to be one person.
    public let joining: Joining?

    public init(
        _ table: SQLName, member: SQLName? = nil, chat: SQLName? = nil, time: SQLName? = nil, keeping: Keeping,
        unless: SQL? = nil, joining: Joining? = nil
    ) {
        self.table = table
        self.member = member
        self.chat = chat
        self.time = time
        self.keeping = keeping
        self.unless = unless
        self.joining = joining
    }

    /// A table that holds nothing about people.
    public static func none(_ table: SQLName) -> PersonalData { PersonalData(table, keeping: .untilErased) }
}
