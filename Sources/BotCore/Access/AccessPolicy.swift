public import BotKit
public import Configuration

/// Who is who, from the settings `OWNER_PHONE_NUMBERS`, `ADMIN_PHONE_NUMBERS`, `OPERATOR_PHONE_NUMBERS`,
/// `WHITELISTED_ENABLED` and `WHITELISTED_PHONE_NUMBERS`.
public struct AccessSettings: SettingsGroup {
    public static let title = "Access"

    static let owners = Setting.phoneNumbers("OWNER_PHONE_NUMBERS", "The numbers of those who own the installation.")
    static let admins = Setting.phoneNumbers("ADMIN_PHONE_NUMBERS", "The numbers of those who administer it.")
    static let operators = Setting.phoneNumbers("OPERATOR_PHONE_NUMBERS", "The numbers of those who operate it.")
    static let whitelistEnabled = Setting.flag(
        "WHITELISTED_ENABLED", default: false,
        "Whether only the numbers in WHITELISTED_PHONE_NUMBERS are answered; an empty list means everyone.")
    static let whitelist = Setting.phoneNumbers(
        "WHITELISTED_PHONE_NUMBERS", "The numbers that are answered, with or without @c.us.")

    public static let settings = [
        owners.described, admins.described, operators.described, whitelistEnabled.described, whitelist.described,
    ]

    public var roles: [PhoneNumber: Role] = [:]
    /// The only numbers that are answered; `nil` means everyone.
    public var allowed: Set<PhoneNumber>?

    public init(_ config: ConfigReader) throws {
        for number in try config[Self.operators] { roles[number] = .operator }
        for number in try config[Self.admins] { roles[number] = .admin }
        for number in try config[Self.owners] { roles[number] = .owner }
        let listed = Set(try config[Self.whitelist])
        if try config[Self.whitelistEnabled], !listed.isEmpty { allowed = listed }
    }
}

/// Decides what a member may do.
public struct AccessPolicy: Sendable {
    let settings: AccessSettings

    public init(_ settings: AccessSettings) { self.settings = settings }

    /// The role of a member by number; somebody whose number is not known is a user.
    func role(of phone: PhoneNumber?) -> Role { phone.flatMap { settings.roles[$0] } ?? .user }

    /// Whether somebody is answered: everyone is, unless there is a list; then those on it, and those with a role.
    func answers(_ phone: PhoneNumber?) -> Bool {
        guard let allowed = settings.allowed, role(of: phone) == .user else { return true }
        return phone.map { allowed.contains($0) } ?? false
    }

    /// - Parameter groups: the groups of the account that the turn came by; `nil` where nobody can be asked.
    /// - Throws: `Refusal` when the member lacks the permission; an outage when the network must say so and does not.
    func require(_ permission: Permission, for turn: Turn, in groups: (any GroupAdministration)? = nil) async throws {
        switch permission {
        case .everyone: return
        case .role(let role) where turn.member.role >= role: return
        case .groupAdmin where turn.member.role >= .admin: return
        case .groupAdmin where try await isGroupAdmin(turn, groups): return
        case .role, .groupAdmin: throw Refusal(.notAllowed, reason: "permission")
        }
    }

    private func isGroupAdmin(_ turn: Turn, _ groups: (any GroupAdministration)?) async throws -> Bool {
        guard turn.chat.isGroup, let groups else { return false }
        do {
            return try await groups.profile(of: turn.chat.id).hasAdmin(turn.member.id, phone: turn.member.phone)
        } catch let failure as GroupFailure where failure.reason != .unreachable {
            return false
        }
    }
}

/// Answers nobody but those on the list, and those with a role. Others get silence, not even a refusal.
struct AllowListGuard: Guard {
    let access: AccessPolicy

    func check(_ turn: Turn) async throws {
        guard access.answers(turn.member.phone) else { throw Silence(.ignored) }
    }
}

/// Refuses texts that are too long to be answered well.
struct LengthGuard: Guard {
    let limit: Int

    func check(_ turn: Turn) async throws {
        // Counting UTF-16 units is what networks do, and costs no walk over characters.
        guard turn.text.utf16.count > limit else { return }
        throw Refusal(.tooLong.with(["limit": "\(limit)"]), reason: "too_long")
    }
}
