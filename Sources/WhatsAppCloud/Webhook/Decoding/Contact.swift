/// What the network knows about a user, sent beside a message or a status.
public struct Contact: Sendable, Equatable {
    /// The name that the user chose to show.
    public let name: String?
    /// The user's WhatsApp username.
    public let username: String?
    /// The user's number; absent for many users with a username.
    public let number: WhatsAppUserNumber?
    /// The user's id towards our portfolio.
    public let userID: BusinessScopedUserID?
    /// The user's id towards the parent portfolio.
    public let parentUserID: BusinessScopedUserID?
    /// A hash of the user's identity key, if the identity check is on.
    public let identityKeyHash: String?

    init(_ json: JSON) {
        name = json["profile"]?["name"]?.text
        username = json["profile"]?["username"]?.text
        number = WhatsAppUserNumber(json["wa_id"])
        userID = BusinessScopedUserID(json["user_id"])
        parentUserID = BusinessScopedUserID(json["parent_user_id"])
        identityKeyHash = json["identity_key_hash"]?.text
    }
}

/// The contacts of one change, found by number or user id: their order says nothing.
struct ContactBook {
    private let contacts: [Contact]
    private let places: [String: Int]

    init(_ json: JSON?) {
        contacts = json?.elements.map(Contact.init) ?? []
        var places: [String: Int] = [:]
        // Two contacts are compared faster than hashed; a batch of a thousand must not cost a million comparisons.
        if contacts.count > 2 {
            for (place, contact) in contacts.enumerated() {
                for id in [contact.number?.rawValue, contact.userID?.rawValue, contact.parentUserID?.rawValue] {
                    if let id, places[id] == nil { places[id] = place }
                }
            }
        }
        self.places = places
    }

    /// The contact of a change that has exactly one.
    var only: Contact? { contacts.count == 1 ? contacts.first : nil }

    func contact(
        number: WhatsAppUserNumber?, userID: BusinessScopedUserID?, parentUserID: BusinessScopedUserID?
    ) -> Contact? {
        guard contacts.count > 2 else {
            return contacts.first { contact in
                (number != nil && contact.number == number) || (userID != nil && contact.userID == userID)
                    || (parentUserID != nil && contact.parentUserID == parentUserID)
            }
        }
        let ids = [userID?.rawValue, number?.rawValue, parentUserID?.rawValue]
        return ids.lazy.compactMap { $0 }.compactMap { places[$0] }.first.map { contacts[$0] }
    }
}
