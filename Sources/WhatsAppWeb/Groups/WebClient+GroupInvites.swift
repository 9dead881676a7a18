public import WhatsAppWire

extension WebClient {
    /// The link by which anybody can join a group; needs an admin.
    /// - Parameter isReset: makes a new one, and the old one void.
    public func inviteLink(of group: JID, isReset: Bool = false) async throws -> String {
        let answer = try await request(GroupRequest.invite(of: group.withoutDevice, isReset: isReset))
        return GroupInviteCode.linkPrefix + (try answer.requiredChild("invite").requiredText("code"))
    }

    /// What a group is that an invite leads to.
    /// - Parameter invite: a link or its code.
    public func groupInfo(ofInvite invite: String) async throws -> GroupInfo {
        let answer = try await request(GroupRequest.info(ofInvite: try GroupInviteCode.code(in: invite)))
        try await keep(answer.addressPairsInside)
        return try GroupInfo(answer.requiredChild("group"))
    }

    /// Joins a group.
    /// - Parameter invite: a link or its code.
    public func joinGroup(byInvite invite: String) async throws -> GroupJoin {
        let answer = try await request(GroupRequest.join(byInvite: try GroupInviteCode.code(in: invite)))
        if let waiting = answer.child("membership_approval_request") {
            return GroupJoin(group: try waiting.requiredJID("jid").withoutDevice, isWaiting: true)
        }
        let group = try answer.requiredChild("group").requiredJID("jid").withoutDevice
        groups.forget(group)
        return GroupJoin(group: group, isWaiting: false)
    }
}

/// The code of an invite, and the link around it.
enum GroupInviteCode {
    static let linkPrefix = "https://chat.whatsapp.com/"

    /// - Throws: `WebError` with `invalid`.
    static func code(in invite: String) throws(WebError) -> String {
        var code = invite[...]
        if code.hasPrefix(linkPrefix) { code = code.dropFirst(linkPrefix.count) }
        code = code.prefix { $0 != "?" && $0 != "/" }
        guard (1...64).contains(code.utf8.count), code.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw WebError(.invalid, "this is no invite to a group")
        }
        return String(code)
    }
}
