public import BotKit
public import Configuration

/// Who is who and who is answered, from the settings `OWNER_PHONE_NUMBERS`, `ADMIN_PHONE_NUMBERS`,
/// `OPERATOR_PHONE_NUMBERS`, `ACCESS_POLICY`, `GROUP_POLICY`, `WHITELISTED_ENABLED`, `WHITELISTED_PHONE_NUMBERS`,
/// `PAIRING_CODE_SECONDS`, `PAIRING_MAX_WAITING` and `ADMIN_SESSION_SECONDS`.
public struct AccessSettings: SettingsGroup {
    /// Whom the bot answers of those about whom nothing was decided.
    public enum People: String, Sendable, CaseIterable {
        case open
        /// Nobody.
        case allowlist
        /// Nobody; they get a code with which they can be let in.
        case pairing
        /// Nobody but those with a role: what was decided about others does not count.
        case closed
    }
    /// The groups that the bot answers in.
    public enum Groups: String, Sendable, CaseIterable {
        case all
        case allowlist
        case off
    }

    public static let title = "Access"

    static let owners = Setting.people("OWNER_PHONE_NUMBERS", "The numbers of those who own the installation.")
    static let admins = Setting.people("ADMIN_PHONE_NUMBERS", "The numbers of those who administer it.")
    static let operators = Setting.people("OPERATOR_PHONE_NUMBERS", "The numbers of those who operate it.")
    static let people = Setting<People>.choice(
        "ACCESS_POLICY", default: .open,
        "Who is answered: everyone, only who was allowed, who was allowed and others get a code to be let in, or only "
            + "those with a role.")
    static let groups = Setting<Groups>.choice(
        "GROUP_POLICY", default: .all,
        "The groups that the bot answers in: all, those in which an admin sent !allow group, or none.")
    static let whitelistEnabled = Setting.flag(
        "WHITELISTED_ENABLED", default: false,
        "Whether only the numbers in WHITELISTED_PHONE_NUMBERS are answered; an empty list means everyone.")
    static let whitelist = Setting.people(
        "WHITELISTED_PHONE_NUMBERS", "The numbers that are answered, with or without @c.us.")
    static let codeLifetime = Setting.seconds(
        "PAIRING_CODE_SECONDS", default: 3_600, in: 60...604_800,
        "How long a code to be let in is valid. Cannot be 0: a code for ever is found by guessing.")
    static let codesWaiting = Setting.integer(
        "PAIRING_MAX_WAITING", default: 3, in: 1...1_000,
        "How many may wait with a code at once, for each account; others get silence. Cannot be 0: then nobody could "
            + "be let in, which ACCESS_POLICY=allowlist says better.")
    static let sessionLifetime = Setting.seconds(
        "ADMIN_SESSION_SECONDS", default: 900, in: 60...86_400,
        "How long an admin session lasts after it was last used. Cannot be 0: a session for ever is as good as none.")

    public static let settings = [
        owners.described, admins.described, operators.described, people.described, groups.described,
        whitelistEnabled.described, whitelist.described, codeLifetime.described, codesWaiting.described,
        sessionLifetime.described,
    ]

    public var roles: [Person: Role] = [:]
    public var people: People
    public var groups: Groups
    /// Those whom the settings let in.
    public var listed: Set<Person> = []
    public var codeLifetime: Duration
    public var codesWaiting: Int
    public var sessionLifetime: Duration

    public init(_ config: ConfigReader) throws {
        for person in try config[Self.operators] { roles[person] = .operator }
        for person in try config[Self.admins] { roles[person] = .admin }
        for person in try config[Self.owners] { roles[person] = .owner }
        self.people = try config[Self.people]
        groups = try config[Self.groups]
        let people = Set(try config[Self.whitelist])
        if try config[Self.whitelistEnabled], !people.isEmpty {
            listed = people
            if self.people == .open { self.people = .allowlist }
        }
        codeLifetime = try config[Self.codeLifetime]
        codesWaiting = try config[Self.codesWaiting]
        sessionLifetime = try config[Self.sessionLifetime]
    }
}
