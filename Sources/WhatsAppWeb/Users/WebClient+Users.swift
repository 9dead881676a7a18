public import WhatsAppWire

extension WebClient {
    /// Which phone numbers are on WhatsApp, with what may be seen of them.
    /// - Parameter numbers: as digits with country code.
    public func lookUp(_ numbers: [String]) async throws -> [UserInfo] {
        let wanted = numbers.map { $0.filter { $0.isASCII && $0.isNumber } }
        guard wanted.count <= 1_024, wanted.allSatisfy({ (5...20).contains($0.count) }) else {
            throw WebError(.invalid, "phone numbers have 5 to 20 digits, and at most 1,024 are looked up at once")
        }
        let answer = try await usync(
            [Node("contact"), Node("lid"), Node("status"), Node("picture")],
            users: wanted.map { Node("user", [:], [Node("contact", utf8: "+\($0)")]) }, context: "interactive")
        var found: [String: UserInfo] = [:]
        var pairs: [Node.AddressPair] = []
        for user in answer {
            guard let contact = user.child("contact"), let number = contact.text?.filter({ $0.isNumber }) else {
                continue
            }
            let info = UserInfo(user, asked: .phoneNumber(number))
            if let lid = info.lid { pairs.append((info.asked, lid)) }
            found[number] = info
        }
        try await keep(pairs)
        return wanted.map { found[$0] ?? UserInfo(asked: .phoneNumber($0), isOnWhatsApp: false) }
    }

    /// Where a user's or group's picture is.
    /// - Returns: nil when there is none, or we may not see it.
    public func profilePicture(of user: JID, isPreview: Bool = false) async throws -> ProfilePicture? {
        let user = user.isGroup ? user.withoutDevice : try await hiddenID(of: user)
        let token = try await privacyTokens(of: [user])[user]
        let question = Node(
            "iq",
            ["xmlns": "w:profile:picture", "type": "get", "to": .jid(.whatsApp), "target": .jid(user)],
            [
                Node(
                    "picture", ["type": isPreview ? "preview" : "image", "query": "url"],
                    token.map { [Node("tctoken", bytes: $0)] } ?? [])
            ])
        do {
            guard let picture = try await request(question).child("picture"), let id = picture.text("id"),
                let url = picture.text("url")
            else { return nil }
            return ProfilePicture(id: id, url: url)
        } catch let error as WebError where [401, 403, 404].contains(error.status) { return nil }
    }

    /// Whom the account has blocked.
    public func blockList() async throws -> BlockList {
        BlockList(
            try await request(Node("iq", ["xmlns": "blocklist", "type": "get", "to": .jid(.whatsApp)])))
    }

    /// Blocks a user, or lets them write again.
    @discardableResult
    public func setBlocked(_ isBlocked: Bool, _ user: JID) async throws -> BlockList {
        let item = Node(
            "item", ["action": isBlocked ? "block" : "unblock", "jid": .jid(try await hiddenID(of: user))])
        return BlockList(
            try await request(Node("iq", ["xmlns": "blocklist", "type": "set", "to": .jid(.whatsApp)], [item])))
    }
}

extension UserInfo {
    init(asked: JID, isOnWhatsApp: Bool) {
        self.asked = asked
        self.isOnWhatsApp = isOnWhatsApp
    }

    /// - Parameter node: a `<user>` of an answer.
    init(_ node: Node, asked: JID) {
        self.init(asked: asked, isOnWhatsApp: node.child("contact")?.text("type") == "in")
        lid = node.child("lid")?.jids("val").first { $0.isLID }?.withoutDevice
        about = node.child("status")?.text
        pictureID = node.child("picture")?.text("id")
    }
}
