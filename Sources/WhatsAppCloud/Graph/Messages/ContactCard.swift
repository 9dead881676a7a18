/// A contact card that we send.
public struct ContactCard: Sendable, Equatable {
    /// A number on the card.
    public struct Phone: Sendable, Equatable {
        /// The number as it is shown.
        public var phone: String
        /// Such as `CELL` or `WORK`.
        public var type: String?
        /// The WhatsApp number behind it: with it the card can be written to.
        public var number: WhatsAppUserNumber?

        /// Makes a number.
        public init(_ phone: String, type: String? = nil, number: WhatsAppUserNumber? = nil) {
            self.phone = phone
            self.type = type
            self.number = number
        }
    }

    /// The whole name.
    public var formattedName: String
    /// The given name; Meta wants at least one part of the name besides the whole.
    public var firstName: String
    /// The family name.
    public var lastName: String?
    /// The numbers.
    public var phones: [Phone]
    /// The e-mail addresses.
    public var emails: [String]
    /// The links.
    public var urls: [String]
    /// The company.
    public var company: String?
    /// `YYYY-MM-DD`.
    public var birthday: String?

    /// Makes a card; without a given name the whole name stands for it.
    public init(
        formattedName: String, firstName: String? = nil, lastName: String? = nil, phones: [Phone] = [],
        emails: [String] = [], urls: [String] = [], company: String? = nil, birthday: String? = nil
    ) {
        self.formattedName = formattedName
        self.firstName = firstName ?? formattedName
        self.lastName = lastName
        self.phones = phones
        self.emails = emails
        self.urls = urls
        self.company = company
        self.birthday = birthday
    }

    static func body(_ cards: [ContactCard]) throws(LimitViolation) -> GraphBody {
        try Limit.count("contacts", cards.count, 1...257)
        var bodies: [GraphBody] = []
        for (index, card) in cards.enumerated() { bodies.append(try card.body("contacts[\(index)]")) }
        return .array(bodies)
    }

    private func body(_ field: String) throws(LimitViolation) -> GraphBody {
        try Limit.text("\(field).name.formatted_name", formattedName, 1...1000)
        try Limit.text("\(field).name.first_name", firstName, 1...1000)
        let name = GraphBody.members(
            ("formatted_name", .string(formattedName)), ("first_name", .string(firstName)),
            ("last_name", .text(lastName)))
        let numbers = phones.map { phone in
            GraphBody.members(
                ("phone", .string(phone.phone)), ("type", .text(phone.type)), ("wa_id", .text(phone.number?.rawValue)))
        }
        return .members(
            ("name", name), ("phones", Self.list(numbers)),
            ("emails", Self.list(emails.map { .members(("email", .string($0))) })),
            ("urls", Self.list(urls.map { .members(("url", .string($0))) })),
            ("org", company.map { .members(("company", .string($0))) }), ("birthday", .text(birthday)))
    }

    private static func list(_ bodies: [GraphBody]) -> GraphBody? { bodies.isEmpty ? nil : .array(bodies) }
}
