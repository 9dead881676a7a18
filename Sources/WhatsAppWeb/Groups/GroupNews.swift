import Foundation
import WhatsAppWire

/// What one element of a group notification says, with what `GroupEvent` leaves out.
struct GroupNews: Sendable, Hashable {
    var event: GroupEvent
    /// The members that it is about, with both addresses.
    var members: [GroupInfo.Participant] = []
    /// The id of a new description.
    var descriptionID: String?

    /// The most changes of one notification that are read.
    static let most = 64

    /// Whether our key of the group must not be used any more: somebody who has it is out.
    var endsOwnKey: Bool {
        switch event.change {
        case .removed, .deleted: true
        default: false
        }
    }

    /// Reads a `<notification type="w:gp2">`.
    /// - Parameter now: the time, for when the server does not say.
    static func all(in notification: Node, at now: Date) -> [GroupNews] {
        guard let group = try? notification.requiredJID("from").withoutDevice, group.isGroup,
            let id = notification.text("id")
        else { return [] }
        let author = ((try? notification.jid("participant")) ?? nil)?.withoutDevice
        let at = notification.date("t") ?? now
        return notification.children.prefix(most).enumerated().map { index, node in
            let members = (node.children("participant") + node.children("requested_user"))
                .prefix(GroupInfo.mostParticipants).compactMap { try? GroupInfo.Participant($0) }
            return GroupNews(
                event: GroupEvent(
                    group: group, author: author, at: at, change: GroupEvent.Change(node, members.map(\.jid), author),
                    id: index == 0 ? id : "\(id)/\(index)"),
                members: members, descriptionID: node.tag == "description" ? node.text("id") : nil)
        }
    }
}

extension GroupEvent.Change {
    /// - Parameters:
    ///   - node: an element of a notification.
    ///   - author: who is meant when the element names nobody.
    init(_ node: Node, _ members: [JID], _ author: JID?) {
        switch node.tag {
        case "create":
            guard let group = node.child("group"), let info = try? GroupInfo(group) else {
                self = .other(node.tag)
                return
            }
            self = .created(info)
        case "add": self = .added(members)
        case "remove": self = .removed(members)
        case "promote": self = .promoted(members)
        case "demote": self = .demoted(members)
        case "subject": self = .subject(node.text("subject") ?? "")
        case "description": self = .description(node.child("delete") == nil ? node.child("body")?.text : nil)
        case "announcement", "not_announcement": self = .announcement(node.tag == "announcement")
        case "locked", "unlocked": self = .locked(node.tag == "locked")
        case "ephemeral", "not_ephemeral":
            let seconds = node.tag == "ephemeral" ? node.text("expiration").flatMap { UInt32($0) } ?? 0 : 0
            self = .disappearing(seconds > 0 ? .seconds(Int(seconds)) : nil)
        case "membership_approval_mode": self = .approval(node.child("group_join")?.text("state") == "on")
        case "invite", "revoke": self = .inviteReset
        case "created_membership_requests", "membership_approval_request":
            self = .membershipRequested(members.isEmpty ? author.map { [$0] } ?? [] : members)
        case "delete": self = .deleted
        default: self = .other(node.tag)
        }
    }
}
