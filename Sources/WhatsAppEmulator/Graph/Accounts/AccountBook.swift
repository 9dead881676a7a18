import Foundation

/// What belongs to the accounts and numbers besides messages: templates, profiles, block lists, settings.
struct AccountBook {
    private static let maximumBlocked = 64_000
    private var templates: [String: [MessageTemplate]] = [:]
    private var profiles: [String: EmulatorJSON] = [:]
    private var blocked: [String: [String]] = [:]
    private var automations: [String: EmulatorJSON] = [:]
    private var subscribed: Set<String> = []

    init(_ numbers: [BusinessNumber]) {
        // Every new account has this template (Meta, Cloud API, Get started).
        for account in Set(numbers.map(\.accountID)) {
            templates[account] =
                (try? MessageTemplate([
                    "name": "hello_world", "language": "en_US", "category": "UTILITY",
                    "body": "Welcome and congratulations!! This message demonstrates your ability to send a message.",
                ])).map { [$0] }
            subscribed.insert(account)
        }
    }

    // MARK: Templates

    mutating func store(_ template: MessageTemplate, account: String) {
        var list = templates[account] ?? []
        list.removeAll { $0.name == template.name && $0.language == template.language }
        list.append(template)
        templates[account] = list
    }

    mutating func removeTemplates(named name: String, account: String) -> Bool {
        let before = templates[account]?.count ?? 0
        templates[account]?.removeAll { $0.name == name }
        return before != templates[account]?.count ?? 0
    }

    func templates(of account: String) -> [MessageTemplate] { templates[account] ?? [] }

    func checkTemplate(
        _ use: OutgoingMessage.TemplateUse, account: String, acceptsAny: Bool
    ) throws(EmulatedError) {
        guard let template = template(use, account) else {
            if acceptsAny { return }
            throw EmulatedError(
                code: 132001,
                details: "template name (\(use.name.prefix(64))) does not exist in \(use.language.prefix(16))")
        }
        try template.check(use)
    }

    func category(of use: OutgoingMessage.TemplateUse, account: String) -> String? {
        template(use, account)?.category.lowercased()
    }

    private func template(_ use: OutgoingMessage.TemplateUse, _ account: String) -> MessageTemplate? {
        templates[account]?.first { $0.name == use.name && $0.language == use.language }
    }

    // MARK: Profile and settings

    func profile(of number: BusinessNumber) -> EmulatorJSON {
        profiles[number.phoneNumberID] ?? ["messaging_product": "whatsapp", "vertical": "UNDEFINED"]
    }

    /// Changes the given parts of the profile (Meta, Business profiles: limits of each field).
    mutating func changeProfile(of number: BusinessNumber, _ change: EmulatorJSON) throws(EmulatedError) {
        let rules = try FieldRules(change, path: "profile")
        for (name, limit) in [("about", 139), ("address", 256), ("description", 512), ("email", 128)] {
            try rules.optionalText(name, 0...limit)
        }
        if let websites = rules.json["websites"] {
            guard let items = websites.items, items.count <= 2, items.allSatisfy({ ($0.text?.count ?? 257) <= 256 })
            else {
                throw .invalidParameter("Param websites must be at most 2 addresses of at most 256 characters.")
            }
        }
        var profile = profile(of: number)
        for name in ["about", "address", "description", "email", "websites", "vertical"] {
            profile = profile.with(name, change[name])
        }
        profiles[number.phoneNumberID] = profile
    }

    func automation(of number: BusinessNumber) -> EmulatorJSON { automations[number.phoneNumberID] ?? [:] }

    mutating func setAutomation(of number: BusinessNumber, _ json: EmulatorJSON) {
        automations[number.phoneNumberID] = json
    }

    func isSubscribed(_ account: String) -> Bool { subscribed.contains(account) }

    mutating func setSubscribed(_ isSubscribed: Bool, account: String) {
        if isSubscribed { subscribed.insert(account) } else { subscribed.remove(account) }
    }

    // MARK: Block list

    func blockedUsers(of number: BusinessNumber) -> [String] { blocked[number.phoneNumberID] ?? [] }

    func isBlocked(_ user: SimulatedUser, by number: BusinessNumber) -> Bool {
        guard let list = blocked[number.phoneNumberID] else { return false }
        return list.contains(user.scopedID)
    }

    mutating func setBlocked(_ isBlocked: Bool, _ user: SimulatedUser, by number: BusinessNumber) throws(EmulatedError)
    {
        var list = blocked[number.phoneNumberID] ?? []
        list.removeAll { $0 == user.scopedID }
        if isBlocked {
            guard list.count < Self.maximumBlocked else { throw EmulatedError(code: 139101) }
            list.append(user.scopedID)
        }
        blocked[number.phoneNumberID] = list
    }
}
