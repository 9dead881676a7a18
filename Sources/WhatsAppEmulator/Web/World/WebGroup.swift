import WhatsAppWire

/// A group.
final class WebGroup {
    /// A member and what they may do.
    struct Member {
        let account: EmulatedAccount
        /// Nothing, `admin` or `superadmin`.
        var rank: String?
        var isAdmin: Bool { rank != nil }
    }

    let id: String
    let creator: EmulatedAccount
    let creation: Int
    /// Whether members are named by LID.
    let usesLID: Bool
    var subject: String
    var subjectTime: Int
    var subjectBy: EmulatedAccount
    var description: (id: String, text: String, by: EmulatedAccount, time: Int)?
    var isAnnouncement = false
    var isLocked = false
    var ephemeral = 0
    var memberAddMode = "all_member_add"
    var needsApproval = false
    var invite = Identifiers.token(bytes: 16)
    /// Those who asked to be let in, by number.
    var requests: [(account: EmulatedAccount, time: Int)] = []
    var version = 1
    /// By number.
    private(set) var members: [String: Member] = [:]
    private var order: [String] = []

    init(id: String, subject: String, creator: EmulatedAccount, at time: Int, usesLID: Bool) {
        self.id = id
        self.creator = creator
        creation = time
        self.usesLID = usesLID
        self.subject = subject
        subjectTime = time
        subjectBy = creator
        add(creator, rank: "superadmin")
    }

    var jid: JID { .group(id) }
    /// The members in the order in which they came.
    var inOrder: [Member] { order.compactMap { members[$0] } }
    var accounts: [EmulatedAccount] { inOrder.map(\.account) }
    var devices: [EmulatedDevice] { accounts.flatMap(\.allDevices) }

    /// The account's address, as the group names its members.
    func address(of account: EmulatedAccount) -> JID { account.address(lid: usesLID) }

    func add(_ account: EmulatedAccount, rank: String? = nil) {
        if members.updateValue(Member(account: account, rank: rank), forKey: account.number) == nil {
            order.append(account.number)
        }
    }

    func remove(_ account: EmulatedAccount) {
        members[account.number] = nil
        order.removeAll { $0 == account.number }
    }

    func rank(_ account: EmulatedAccount, _ rank: String?) { members[account.number]?.rank = rank }
}
