import Foundation
import WhatsAppWire

extension GroupInfo {
    /// The most members that are believed.
    static let mostParticipants = 4_096

    /// - Parameter node: a `<group>`.
    /// - Throws: `WireError` when the group has no id.
    init(_ node: Node) throws {
        let name = try node.requiredText("id")
        let id = name.contains("@") ? try node.requiredJID("id") : JID.group(name)
        let usesLIDs = node.text("addressing_mode") == "lid"
        self.init(
            id: id, subject: node.text("subject") ?? "", description: node.descendant("description", "body")?.text,
            descriptionID: node.child("description")?.text("id"),
            createdAt: node.date("creation"),
            creator: try node.jid("creator"),
            participants: try node.children("participant").prefix(Self.mostParticipants).compactMap { part in
                // Those that could not be added are named too.
                guard part.text("error") == nil else { return nil }
                return try Participant(part)
            },
            usesLIDs: usesLIDs, isAnnouncement: node.child("announcement") != nil,
            isLocked: node.child("locked") != nil,
            needsApproval: node.descendant("membership_approval_mode", "group_join")?.text("state") == "on",
            disappearsAfter: node.child("ephemeral")?.text("expiration").flatMap { Int($0) }
                .flatMap { $0 > 0 ? .seconds($0) : nil })
    }
}

extension GroupInfo.Participant {
    init(_ node: Node) throws {
        let jid = try node.requiredJID("jid").withoutDevice
        let lid = try node.jid("lid")?.withoutDevice
        let number = try node.jid("phone_number")?.withoutDevice
        self.init(
            jid: jid, lid: jid.isLID ? jid : lid, phoneNumber: jid.isPhoneNumber ? jid : number,
            role: node.text("type").flatMap(GroupInfo.Role.init) ?? .member)
    }
}
