import NIOHTTP1

/// How one of our numbers is doing.
public struct PhoneNumberHealth: Sendable, Equatable {
    /// Whether and how well messages can be sent.
    public enum Sending: Sendable, Equatable {
        /// Yes.
        case available
        /// Some; see Meta's dashboard.
        case limited
        /// No.
        case blocked
        /// A word that is new to us, or none.
        case unknown(String?)
    }

    /// The number as people read it.
    public let displayPhoneNumber: String?
    /// The name that users see.
    public let verifiedName: String?
    /// Whether that name was approved, such as `APPROVED`.
    public let nameStatus: String?
    /// `GREEN`, `YELLOW` or `RED`.
    public let quality: String?
    /// `STANDARD` (80 messages a second) or `HIGH` (1000).
    public let throughput: String?
    /// How many users the portfolio may write to first in 24 hours, such as `TIER_2K`.
    public let messagingLimit: String?
    /// The worst of the number, its account, its portfolio and the app.
    public let sending: Sending
    /// The business account that the number belongs to.
    public let businessAccountID: BusinessAccountID?
    /// Meta's words for what is wrong.
    public let problems: [String]

    init(_ json: JSON) {
        displayPhoneNumber = json["display_phone_number"]?.text
        verifiedName = json["verified_name"]?.text
        nameStatus = json["name_status"]?.text
        quality = json["quality_rating"]?.text
        throughput = json["throughput"]?["level"]?.text
        messagingLimit = json["whatsapp_business_manager_messaging_limit"]?.identifier
        let health = json["health_status"]
        switch health?["can_send_message"]?.text {
        case "AVAILABLE": sending = .available
        case "LIMITED": sending = .limited
        case "BLOCKED": sending = .blocked
        case let other: sending = .unknown(other)
        }
        let entities = health?["entities"]?.elements ?? []
        businessAccountID = BusinessAccountID(entities.first { $0["entity_type"]?.text == "WABA" }?["id"])
        problems = entities.flatMap { entity in
            (entity["errors"]?.elements ?? []).compactMap { $0["error_description"]?.text }
        }
    }
}

extension GraphClient {
    /// Asks how our number is doing.
    public func phoneNumberHealth() async throws(GraphError) -> PhoneNumberHealth {
        let fields = [
            "display_phone_number", "verified_name", "name_status", "quality_rating", "throughput", "health_status",
            "whatsapp_business_manager_messaging_limit",
        ]
        let request = GraphRequest(
            operation: "read phone number health", method: .GET, path: [phoneNumberID],
            query: [("fields", fields.joined(separator: ","))])
        return PhoneNumberHealth(try await call(request).json)
    }

    /// Registers our number for the API; at most 10 times in 72 hours.
    /// - Parameters:
    ///   - pin: 6 digits; sets the two-step PIN if there is none yet.
    ///   - region: where data rests, such as `DE`.
    public func register(pin: String, region: String? = nil) async throws(GraphError) {
        try Self.check(pin: pin)
        try await number(
            "register number", "register", ("messaging_product", "whatsapp"), ("pin", .string(pin)),
            ("data_localization_region", .text(region)))
    }

    /// Changes the two-step PIN; no call switches it off.
    /// - Parameter pin: 6 digits.
    public func setPIN(_ pin: String) async throws(GraphError) {
        try Self.check(pin: pin)
        try await number("set two-step PIN", nil, ("pin", .string(pin)))
    }

    private func number(
        _ operation: String, _ edge: String?, _ members: (String, GraphBody?)...
    ) async throws(GraphError) {
        let body = GraphBody.object(
            members.compactMap { key, value in value.map { GraphBody.Member(key: key, value: $0) } })
        let path = [phoneNumberID, edge].compactMap { $0 }
        try await confirm(GraphRequest(operation: operation, method: .POST, path: path, body: .json(body)))
    }

    private static func check(pin: String) throws(GraphError) {
        guard pin.utf8.count == 6, pin.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw GraphError(LimitViolation("pin", "6 digits", actual: "something else"))
        }
    }
}
