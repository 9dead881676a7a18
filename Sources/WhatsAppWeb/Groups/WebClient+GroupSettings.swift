public import WhatsAppWire

extension WebClient {
    public func setSubject(_ subject: String, of group: JID) async throws {
        guard !subject.isEmpty, subject.count <= 100 else {
            throw WebError(.invalid, "a group's name has 1 to 100 characters")
        }
        _ = try await request(GroupRequest.set(GroupRequest.subject(subject), of: group.withoutDevice))
        try await follow(Node("subject", ["subject": .text(subject)]), in: group)
    }

    /// - Parameter description: nil takes it away.
    public func setDescription(_ description: String?, of group: JID) async throws {
        let previous = try await groupInfo(of: group).descriptionID
        let change = GroupRequest.description(description, id: makeMessageID(), previous: previous)
        _ = try await request(GroupRequest.set(change, of: group.withoutDevice))
        var news = change
        if description == nil { news.content = .nodes([Node("delete")]) }
        try await follow(news, in: group)
    }

    /// Whether only admins may write.
    public func setAnnouncement(_ isOn: Bool, of group: JID) async throws {
        try await set(GroupRequest.announcement(isOn), of: group)
    }

    /// Whether only admins may change the group.
    public func setLocked(_ isOn: Bool, of group: JID) async throws {
        try await set(GroupRequest.locked(isOn), of: group)
    }

    /// Whether admins must let in who wants to join.
    public func setApproval(_ isOn: Bool, of group: JID) async throws {
        try await set(GroupRequest.approval(isOn), of: group)
    }

    /// - Parameter after: how long messages last: a day, a week or 90 days; nil for ever.
    public func setDisappearing(after: Duration?, of group: JID) async throws {
        try await set(GroupRequest.disappearing(after), of: group)
    }

    private func set(_ setting: Node, of group: JID) async throws {
        _ = try await request(GroupRequest.set(setting, of: group.withoutDevice))
        try await follow(setting, in: group.withoutDevice)
    }
}
