public import BotKit
import WhatsAppWeb
import WhatsAppWire

extension WhatsAppWebProvider: ContactBlocking {
    public var contacts: (any ContactBlocking)? { self }

    public func chats(with person: Person) async throws -> [ChatID] {
        try await addresses(of: person).map { ChatID(account: account, address: $0) }
    }

    public func names(of person: Person) async throws -> Set<Person> { try await users.names(of: person) }

    public func setBlocked(_ isBlocked: Bool, _ person: Person) async throws -> Bool {
        guard let address = try await addresses(of: person).first else { return false }
        guard state.isConnected else { throw Outage("network", "there is no connection now") }
        do {
            try await client.setBlocked(isBlocked, address)
            return true
        } catch let error as WebError where error.code == .unknownUser {
            return false
        } catch {
            throw Outage("network", error.safeDescription)
        }
    }

    /// The hidden id first, where it is known.
    private func addresses(of person: Person) async throws -> [JID] {
        switch person {
        case .number(let number):
            return [try await users.hiddenID(ofPhone: number.digits), .phoneNumber(number.digits)].compactMap(\.self)
        case .id(let id): return [JID(id.text)].compactMap(\.self).filter(\.isLID)
        case .member(let member):
            guard member.rawValue.hasPrefix("\(MemberID.webNetwork.rawValue)/") else { return [] }
            return [member.address].compactMap(\.self)
        }
    }
}
