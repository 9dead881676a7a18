public import BotKit
import WhatsAppCloud

extension WhatsAppCloudProvider: ContactBlocking {
    public var contacts: (any ContactBlocking)? { self }

    public func chats(with person: Person) async throws -> [ChatID] {
        try await users.users(known: person).map { $0.chat(of: account) }
    }

    public func names(of person: Person) async throws -> Set<Person> {
        var names: Set<Person> = []
        for user in try await users.users(known: person) {
            names.formUnion(try await users.names(of: user.member).map(Person.member))
            if let number = user.phone.flatMap({ PhoneNumber($0) }) { names.insert(.number(number)) }
            for id in [user.userID, user.parentID].compactMap(\.self) {
                if let id = NetworkID(id) { names.insert(.id(id)) }
            }
        }
        return names
    }

    public func setBlocked(_ isBlocked: Bool, _ person: Person) async throws -> Bool {
        let references = try await users.users(known: person).compactMap(\.reference)
        guard !references.isEmpty else { return false }
        let result: BlockResult
        do {
            result = isBlocked ? try await graph.block(references) : try await graph.unblock(references)
        } catch {
            throw Outage("network", error.description)
        }
        guard result.failed.isEmpty else {
            throw Outage("network", "WhatsApp blocks only who wrote within 24 hours")
        }
        return true
    }
}

extension CloudUser {
    /// How the person is named in a list.
    fileprivate var reference: UserReference? {
        switch recipient {
        case .number(let number): .number(WhatsAppUserNumber(rawValue: number))
        case .user(let user): .user(user)
        case .group, nil: nil
        }
    }
}
