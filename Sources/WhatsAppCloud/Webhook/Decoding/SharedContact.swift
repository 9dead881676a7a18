/// A contact card that a user shared.
public struct SharedContact: Sendable, Equatable {
    /// A phone number on the card.
    public struct Phone: Sendable, Equatable {
        /// As it is written on the card.
        public let phone: String?
        /// The WhatsApp number, if it has one.
        public let number: WhatsAppUserNumber?
        /// The user's id towards our portfolio.
        public let userID: BusinessScopedUserID?
        /// Such as `CELL` or `HOME`.
        public let type: String?
    }

    /// An address, e-mail address or link on the card.
    public struct Labelled: Sendable, Equatable {
        /// The address or link; a postal address in one line.
        public let value: String
        /// Such as `HOME` or `WORK`.
        public let type: String?
    }

    /// The whole name; some cards have none.
    public let formattedName: String?
    /// The given name.
    public let firstName: String?
    /// The family name.
    public let lastName: String?
    /// The numbers.
    public let phones: [Phone]
    /// The e-mail addresses.
    public let emails: [Labelled]
    /// The links.
    public let urls: [Labelled]
    /// The postal addresses.
    public let addresses: [Labelled]
    /// The company.
    public let company: String?
    /// The department in it.
    public let department: String?
    /// The position in it.
    public let jobTitle: String?
    /// `YYYY-MM-DD`.
    public let birthday: String?
    /// The card as a vCard.
    public let vCard: String?
    /// `contact_request` if it answers one of ours, else `other`.
    public let origin: String?

    init?(_ json: JSON) {
        guard json.isObject else { return nil }
        formattedName = json["name"]?["formatted_name"]?.text
        firstName = json["name"]?["first_name"]?.text
        lastName = json["name"]?["last_name"]?.text
        phones = (json["phones"]?.elements ?? []).filter(\.isObject).map { phone in
            Phone(
                phone: phone["phone"]?.identifier, number: WhatsAppUserNumber(phone["wa_id"]),
                userID: BusinessScopedUserID(phone["user_id"]), type: phone["type"]?.text)
        }
        emails = Self.labelled(json["emails"]) { $0["email"]?.text }
        urls = Self.labelled(json["urls"]) { $0["url"]?.text }
        addresses = Self.labelled(json["addresses"], Self.addressLine)
        company = json["org"]?["company"]?.text
        department = json["org"]?["department"]?.text
        jobTitle = json["org"]?["title"]?.text
        birthday = json["birthday"]?.text
        vCard = json["vcard"]?.text
        origin = json["origin"]?.text
    }

    static func list(_ json: JSON?) -> [SharedContact]? {
        guard let json, json.isArray else { return nil }
        return json.elements.compactMap(SharedContact.init)
    }

    private static func labelled(_ json: JSON?, _ value: (JSON) -> String?) -> [Labelled] {
        (json?.elements ?? []).compactMap { item in
            value(item).map { Labelled(value: $0, type: item["type"]?.text) }
        }
    }

    private static func addressLine(_ json: JSON) -> String? {
        let parts = [json["street"], json["city"], json["state"], json["zip"], json["country"]]
        let line = parts.compactMap { $0?.identifier }.joined(separator: ", ")
        return line.isEmpty ? nil : line
    }
}
