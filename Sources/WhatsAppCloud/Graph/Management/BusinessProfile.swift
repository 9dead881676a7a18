import NIOHTTP1

/// What users see when they open our profile; `nil` leaves a part as it is.
public struct BusinessProfile: Sendable, Equatable {
    /// At most 139 characters, not empty.
    public var about: String?
    /// At most 256 characters.
    public var address: String?
    /// At most 512 characters.
    public var description: String?
    /// At most 128 characters.
    public var email: String?
    /// At most two links of 256 characters.
    public var websites: [String]?
    /// Meta's word for the trade, such as `EDU`.
    public var vertical: String?
    /// Where the picture can be had; only read.
    public internal(set) var pictureURL: String?
    /// The handle of an uploaded picture; only written.
    public var pictureHandle: String?

    /// Makes a profile of the parts that shall change.
    public init(
        about: String? = nil, address: String? = nil, description: String? = nil, email: String? = nil,
        websites: [String]? = nil, vertical: String? = nil, pictureHandle: String? = nil
    ) {
        self.about = about
        self.address = address
        self.description = description
        self.email = email
        self.websites = websites
        self.vertical = vertical
        self.pictureHandle = pictureHandle
    }

    init(_ json: JSON) {
        self.init(
            about: json["about"]?.text, address: json["address"]?.text, description: json["description"]?.text,
            email: json["email"]?.text, websites: json["websites"]?.elements.compactMap(\.text),
            vertical: json["vertical"]?.text)
        pictureURL = json["profile_picture_url"]?.text
    }

    func body() throws(LimitViolation) -> GraphBody {
        try Limit.optional("about", about, 139)
        if let address { try Limit.text("address", address, 0...256) }
        if let description { try Limit.text("description", description, 0...512) }
        if let email { try Limit.text("email", email, 0...128) }
        if let websites {
            try Limit.count("websites", websites.count, 0...2)
            for (index, site) in websites.enumerated() { try Limit.text("websites[\(index)]", site, 1...256) }
        }
        return .members(
            ("messaging_product", "whatsapp"), ("about", .text(about)), ("address", .text(address)),
            ("description", .text(description)), ("email", .text(email)),
            ("websites", websites.map { .array($0.map { .string($0) }) }), ("vertical", .text(vertical)),
            ("profile_picture_handle", .text(pictureHandle)))
    }
}

extension GraphClient {
    /// Reads our profile.
    public func businessProfile() async throws(GraphError) -> BusinessProfile {
        let fields = "about,address,description,email,profile_picture_url,websites,vertical"
        let request = GraphRequest(
            operation: "read business profile", method: .GET, path: [phoneNumberID, "whatsapp_business_profile"],
            query: [("fields", fields)])
        let json = try await call(request).json
        return BusinessProfile(json["data"]?.elements.first ?? json)
    }

    /// Changes the parts of our profile that are set.
    public func setBusinessProfile(_ profile: BusinessProfile) async throws(GraphError) {
        let body: GraphBody
        do { body = try profile.body() } catch { throw GraphError(error) }
        try await confirm(
            GraphRequest(
                operation: "set business profile", method: .POST, path: [phoneNumberID, "whatsapp_business_profile"],
                body: .json(body)))
    }

    /// Sets what new users are offered.
    /// - Parameters:
    ///   - welcomes: whether opening the chat for the first time comes as a `requestWelcome` message.
    ///   - prompts: at most 4 ready questions of 80 characters.
    ///   - commands: at most 30 commands; name of 32 characters without `/`, description of 256.
    public func setConversationalAutomation(
        welcomes: Bool? = nil, prompts: [String]? = nil, commands: [(name: String, description: String)]? = nil
    ) async throws(GraphError) {
        let body: GraphBody
        do {
            body = try Self.automation(welcomes: welcomes, prompts: prompts, commands: commands)
        } catch {
            throw GraphError(error)
        }
        try await confirm(
            GraphRequest(
                operation: "set conversational automation", method: .POST,
                path: [phoneNumberID, "conversational_automation"], body: .json(body)))
    }

    private static func automation(
        welcomes: Bool?, prompts: [String]?, commands: [(name: String, description: String)]?
    ) throws(LimitViolation) -> GraphBody {
        try Limit.count("prompts", prompts?.count ?? 0, 0...4)
        for (index, prompt) in (prompts ?? []).enumerated() { try Limit.text("prompts[\(index)]", prompt, 1...80) }
        try Limit.count("commands", commands?.count ?? 0, 0...30)
        for (index, command) in (commands ?? []).enumerated() {
            try Limit.text("commands[\(index)].command_name", command.name, 1...32)
            try Limit.text("commands[\(index)].command_description", command.description, 1...256)
        }
        let list = commands?.map { command in
            GraphBody.members(
                ("command_name", .string(command.name)), ("command_description", .string(command.description)))
        }
        return .members(
            ("enable_welcome_message", welcomes.map { .bool($0) }),
            ("prompts", prompts.map { .array($0.map { .string($0) }) }), ("commands", list.map { .array($0) }))
    }
}
