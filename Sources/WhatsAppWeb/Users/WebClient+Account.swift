import WhatsAppWire

extension WebClient {
    /// What the account writes about itself.
    public func setAbout(_ text: String) async throws {
        guard text.count <= 139 else {
            throw WebError(.invalid, "what is written about oneself has at most 139 letters")
        }
        _ = try await request(
            Node(
                "iq", ["xmlns": "status", "type": "set", "to": .jid(.whatsApp)], [Node("status", utf8: text)]))
    }

    /// The name that contacts see, on all devices.
    /// - Throws: as `change(_:)`.
    public func setPushName(_ name: String) async throws {
        guard (1...25).contains(name.count) else { throw WebError(.invalid, "a name has 1 to 25 letters") }
        try await change([.pushName(name)])
    }

    /// The name that contacts see, once the phone has told it.
    public var pushName: String? { credentials?.pushName }

    /// Unlinks this device: the server ends the connection, and `run` returns with `unlinked`.
    public func logOut() async throws {
        guard let account = credentials?.account else { throw WebError(.notLinked, "no account is linked") }
        _ = try await request(
            Node(
                "iq", ["xmlns": "md", "type": "set", "to": .jid(.whatsApp)],
                [
                    Node(
                        "remove-companion-device",
                        ["jid": .jid(account.phoneNumber), "reason": "user_initiated"])
                ]))
    }
}
