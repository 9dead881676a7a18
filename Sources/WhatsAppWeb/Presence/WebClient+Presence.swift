public import WhatsAppWire

extension WebClient {
    /// Appears online, or does not; the account's phone rings only while no device is online.
    ///
    /// A client appears online by itself as soon as it knows the account's name.
    public func setOnline(_ isOnline: Bool) throws {
        wantsToBeOnline = isOnline
        if isOnline { return try announcePresence() }
        try send(Node("presence", ["type": "unavailable"]))
        isAvailable = false
    }

    /// Says that we are online, if that is wanted and possible: the server takes no presence without a name.
    func announcePresence() throws {
        guard wantsToBeOnline, session?.isOnline == true, let name = credentials?.pushName else { return }
        try send(Node("presence", ["type": "available", "name": .text(name)]))
        isAvailable = true
    }

    /// Shows in a chat that we write, record or stopped.
    public func show(_ state: TypingState, in chat: JID) async throws {
        let chat = chat.isGroup ? chat.withoutDevice : try await hiddenID(of: chat)
        try send(Node("chatstate", ["to": .jid(chat)], [Node(state)]))
    }

    /// Asks to be told when a user comes and goes, as notices, until the connection ends.
    public func watchPresence(of user: JID) async throws {
        let user = try await hiddenID(of: user)
        let token = try await privacyTokens(of: [user])[user]
        try send(
            Node(
                "presence", ["type": "subscribe", "to": .jid(user)], token.map { [Node("tctoken", bytes: $0)] } ?? []))
    }
}

extension Node {
    /// The element that says what somebody does in a chat.
    init(_ state: TypingState) {
        switch state {
        case .typing: self.init("composing")
        case .recording: self.init("composing", ["media": "audio"])
        case .paused: self.init("paused")
        }
    }
}
