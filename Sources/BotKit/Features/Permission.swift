/// What a responder asks of the member: a role, a place, and for the gravest acts the session of an admin.
public struct Permission: Sendable, Hashable {
    /// Where something may be asked for.
    public enum Place: Sendable, Hashable, CaseIterable {
        case anywhere
        /// Only where nobody else reads along.
        case directChats
        case groups
    }

    /// A lower-case word, which stands in the audit.
    public let name: String
    /// The least role that may.
    public let role: Role
    /// Whether an admin of the group may as well, in that group.
    public let admitsGroupAdmins: Bool
    public let place: Place
    /// Whether a session is asked for besides (`!admin-login`).
    public let isElevated: Bool

    public init(
        _ name: String, _ role: Role, orGroupAdmin: Bool = false, in place: Place = .anywhere, elevated: Bool = false
    ) {
        self.name = name
        self.role = role
        admitsGroupAdmins = orGroupAdmin
        self.place = place
        isElevated = elevated
    }
}

/// The permission matrix of the product.
extension Permission {
    /// To talk with the bot.
    public static let everyone = Permission("everyone", .user)
    /// To say when the bot answers in a group.
    public static let setActivation = Permission("set_activation", .admin, orGroupAdmin: true, in: .groups)
    /// To let a whole group talk with the bot, or none of it.
    public static let admitGroups = Permission("admit_groups", .admin, in: .groups)
    /// To let people in who are waiting, and to allow, deny and block people.
    public static let admitPeople = Permission("admit_people", .operator, in: .directChats)
    /// To see who holds a role.
    public static let seeRoles = Permission("see_roles", .admin, in: .directChats)
    /// To give roles and to take them away.
    public static let giveRoles = Permission("give_roles", .admin, in: .directChats, elevated: true)
    /// To open and to end a session for acts that ask for one.
    public static let openSession = Permission("open_session", .operator, in: .directChats)
    /// To get a copy of all that is stored about oneself.
    public static let exportOwnData = Permission("export_own_data", .user, in: .directChats)
    /// To decide for a group how long it is kept, to consent for it, and to wipe it.
    public static let setGroupPrivacy = Permission("set_group_privacy", .admin, orGroupAdmin: true, in: .groups)
    /// To see what is set while the bot runs, and what could be.
    public static let seeConfiguration = Permission("see_configuration", .admin, orGroupAdmin: true)
    /// To change what holds for the whole installation or an account.
    public static let configure = Permission("configure", .admin, in: .directChats, elevated: true)
    /// To change what holds for a chat.
    public static let configureChat = Permission("configure_chat", .admin, orGroupAdmin: true)
    /// To change what holds for oneself.
    public static let configureSelf = Permission("configure_self", .user)
    /// To read the record of privileged acts.
    public static let readAudit = Permission("read_audit", .owner, in: .directChats)

    /// To see which heavy work waits, and to take some of it out of the queue.
    public static let manageWork = Permission("manage_work", .operator, in: .directChats)

    /// To be told what became of the messages of others, too.
    public static let explainOthers = Permission("explain_others", .operator, orGroupAdmin: true)

    /// All of them: what a responder of the product needs is one of these.
    public static let matrix = [
        everyone, setActivation, admitGroups, admitPeople, seeRoles, giveRoles, openSession, exportOwnData,
        setGroupPrivacy, seeConfiguration, configure, configureChat, configureSelf, readAudit, manageWork,
        explainOthers,
    ]
}
