/// One WhatsApp user as the business sees them.
struct SimulatedUser: Sendable {
    /// The business-scoped user id.
    var scopedID: String
    /// Phone digits; `nil` when the user never showed one.
    var phone: String?
    var name: String?
    var username: String?
    var parentID: String?
    /// Whether webhooks leave the phone out.
    var hidesPhone = false
    /// Whether messages reach the user.
    var isOnWhatsApp = true

    /// The phone as webhooks may show it.
    var visiblePhone: String? { hidesPhone ? nil : phone }

    /// The element of `contacts[]` in a webhook.
    var contact: EmulatorJSON {
        .object([
            "profile": .object(["name": name.map(EmulatorJSON.string), "username": username.map(EmulatorJSON.string)]),
            "wa_id": visiblePhone.map(EmulatorJSON.string), "user_id": .string(scopedID),
            "parent_user_id": parentID.map(EmulatorJSON.string),
        ])
    }
}

/// The users that the emulator knows, found by phone or by business-scoped id.
struct UserDirectory {
    private static let capacity = 1_000_000
    private var users: [String: SimulatedUser] = [:]
    private var scopedIDs: [String: String] = [:]
    /// Number as people dial it to the number that WhatsApp uses, where these differ (Brazil, Mexico).
    private var aliases: [String: String] = [:]

    /// The user of `phone` (digits); one that is met for the first time has an id made from the phone.
    func user(phone: String) -> SimulatedUser {
        let phone = aliases[phone] ?? phone
        if let id = scopedIDs[phone], let user = users[id] { return user }
        return SimulatedUser(scopedID: Identifiers.businessScopedUser(phone: phone), phone: phone)
    }

    /// The user of a business-scoped id; one that is met for the first time has no phone.
    func user(scopedID: String) -> SimulatedUser {
        users[scopedID] ?? SimulatedUser(scopedID: scopedID)
    }

    /// The user whom `id` (a phone or a business-scoped id) names; `nil` when it is neither.
    func user(_ id: String) -> SimulatedUser? {
        if Identifiers.isBusinessScopedUser(id) { return user(scopedID: id) }
        return Identifiers.phoneDigits(id).map(user(phone:))
    }

    mutating func store(_ user: SimulatedUser) {
        guard users[user.scopedID] != nil || users.count < Self.capacity else { return }
        users[user.scopedID] = user
        if let phone = user.phone { scopedIDs[phone] = user.scopedID }
    }

    mutating func addAlias(_ dialled: String, for phone: String) { aliases[dialled] = phone }

    /// Gives the owner of `old` the phone `new` and, as Meta does, a new business-scoped id.
    mutating func changeNumber(from old: String, to new: String, newID: String?) -> (
        before: SimulatedUser, after: SimulatedUser
    ) {
        let before = user(phone: old)
        var after = before
        after.phone = new
        after.scopedID = newID ?? Identifiers.businessScopedUser(phone: new)
        users[before.scopedID] = nil
        scopedIDs[old] = nil
        store(after)
        return (before, after)
    }
}
