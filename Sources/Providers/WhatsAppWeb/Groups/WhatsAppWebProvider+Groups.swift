public import BotKit
import Foundation
import WhatsAppWeb
import WhatsAppWire

extension WhatsAppWebProvider: GroupAdministration {
    public var groups: (any GroupAdministration)? { self }

    public func profile(of group: ChatID) async throws -> GroupProfile {
        let address = try address(of: group)
        return try await done { GroupProfile(try await client.groupInfo(of: address), own: await ownAddresses) }
    }

    public func change(_ members: [MemberID], of group: ChatID, _ act: GroupMemberAct) async throws -> [MemberID] {
        let address = try address(of: group)
        let addresses = try members.map { member in
            guard let address = member.address else {
                throw GroupFailure(.invalid, "a member has no address on WhatsApp")
            }
            return address
        }
        return try await done {
            let refused = try await client.change(addresses, of: address, act.webChange).filter { $0.error != nil }
            guard !refused.isEmpty else { return [] }
            // The group may name them otherwise than we do.
            let info = try await client.groupInfo(of: address)
            return zip(members, addresses).filter { _, asked in
                let names = info.participants.first { $0.isCalled(asked) }?.names ?? [asked]
                return refused.contains { names.contains($0.member) }
            }.map(\.0)
        }
    }

    public func rename(_ group: ChatID, to subject: String) async throws {
        let address = try address(of: group)
        try await done { try await client.setSubject(subject, of: address) }
    }

    public func describe(_ group: ChatID, as description: String?) async throws {
        let address = try address(of: group)
        try await done { try await client.setDescription(description, of: address) }
    }

    public func inviteLink(of group: ChatID, isReset: Bool) async throws -> String {
        let address = try address(of: group)
        return try await done { try await client.inviteLink(of: address, isReset: isReset) }
    }

    public func leave(_ group: ChatID) async throws {
        let address = try address(of: group)
        try await done { try await client.leaveGroup(address) }
    }

    public func delete(_ message: BotKit.MessageID, in group: ChatID) async throws {
        let address = try address(of: group)
        let place = Place(chat: group, address: address, timer: nil)
        let target: MessageReference
        do { target = try await reference(to: message, in: place) } catch {
            throw GroupFailure(.unreachable, "the store failed (\(error.safeDescription))")
        }
        try await done {
            if !target.isFromMe {
                // The server takes it from anybody, and phones show it only when it comes from an admin.
                let info = try await client.groupInfo(of: address)
                guard GroupProfile(info, own: await ownAddresses).isOurs else {
                    throw GroupFailure(.notAllowed, "only an admin deletes what members wrote")
                }
            }
            _ = try await client.send(OutgoingMessage(.revoke(target)), to: address)
        }
    }

    // MARK: - Small steps

    private var ownAddresses: [JID] {
        get async {
            await client.account.map { [$0.lid.withoutDevice, $0.phoneNumber.withoutDevice] } ?? []
        }
    }

    private func address(of group: ChatID) throws -> JID {
        guard let address = group.address, address.isGroup else {
            throw GroupFailure(.notThere, "the chat is no group on WhatsApp")
        }
        return address
    }

    /// What the network says, its errors in the bot's words.
    private func done<Value: Sendable>(_ act: () async throws -> Value) async throws -> Value {
        guard state.isConnected else { throw GroupFailure(.unreachable, "there is no connection now") }
        do { return try await act() } catch let error as WebError {
            let reason: GroupFailure.Reason =
                switch (error.code, error.status) {
                case (.refused, 404), (.refused, 410): .notThere
                case (.refused, 401), (.refused, 403): .notAllowed
                case (.refused, 400), (.refused, 406), (.invalid, _), (.malformed, _): .invalid
                default: .unreachable
                }
            throw GroupFailure(reason, error.description)
        }
    }
}

extension GroupMemberAct {
    fileprivate var webChange: GroupMemberChange {
        switch self {
        case .add: .add
        case .remove: .remove
        case .promote: .promote
        case .demote: .demote
        }
    }
}

extension GroupProfile {
    /// - Parameter own: our own addresses.
    fileprivate init(_ info: GroupInfo, own: [JID]) {
        let (ours, others) = (
            info.participants.first { part in own.contains { part.isCalled($0) } },
            info.participants.filter { part in !own.contains { part.isCalled($0) } }
        )
        self.init(
            subject: info.subject, description: info.description,
            members: others.map { part in
                Member(
                    id: MemberID(address: part.lid ?? part.jid),
                    phone: part.phoneNumber.flatMap { PhoneNumber($0.user) },
                    isAdmin: part.role != .member)
            }, isOurs: ours.map { $0.role != .member } ?? false)
    }
}

extension GroupInfo.Participant {
    fileprivate var names: [JID] { [jid, lid, phoneNumber].compactMap { $0 } }
    fileprivate func isCalled(_ name: JID) -> Bool { names.contains(name) }
}
