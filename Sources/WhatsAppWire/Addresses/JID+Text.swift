extension JID: LosslessStringConvertible {
    /// The longest text that is read, in bytes.
    static let longestText = 256

    /// `user@server`, `user:device@server`, `user.agent:device@server`, or the server alone.
    public var description: String {
        if user.isEmpty { return server.name }
        if agent != 0 { return "\(user).\(agent):\(device)@\(server.name)" }
        return device == 0 ? "\(user)@\(server.name)" : "\(user):\(device)@\(server.name)"
    }

    /// The address that `text` writes; nil if it is none.
    public init?(_ text: String) {
        guard let jid = try? JID(parsing: text) else { return nil }
        self = jid
    }

    /// The address that `text` writes.
    /// - Throws: `WireError` with `malformedJID`.
    public init(parsing text: String) throws(WireError) {
        guard text.utf8.count <= Self.longestText else {
            throw WireError(.malformedJID, "an address is longer than \(Self.longestText) bytes")
        }
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard let last = parts.last, !last.isEmpty, parts.count <= 2 else {
            throw WireError(.malformedJID, "an address must be user@server or a server")
        }
        let server = Server(String(Substring(last)))
        guard parts.count == 2 else {
            self.init("", server)
            return
        }
        try self.init(userPart: Substring(parts[0]), server: server)
    }

    /// Reads `user`, `user:device` or, at the servers of users, `user.agent:device`.
    init(userPart: Substring, server: Server) throws(WireError) {
        let utf8 = userPart.utf8
        guard let colon = utf8.firstIndex(of: UInt8(ascii: ":")) else {
            self.init(String(userPart), server)
            try dropAgent()
            return
        }
        guard let device = UInt16(decimal: userPart[utf8.index(after: colon)...].utf8), colon > utf8.startIndex else {
            throw WireError(.malformedJID, "the device of an address must be a number below 65536, after a user")
        }
        self.init(String(userPart[..<colon]), server, device: device)
        try dropAgent()
    }

    /// Moves the agent, which stands after a dot, out of the name of a user.
    private mutating func dropAgent() throws(WireError) {
        guard server.domain != nil, let dot = user.utf8.firstIndex(of: UInt8(ascii: ".")) else { return }
        guard let agent = UInt8(decimal: user[user.utf8.index(after: dot)...].utf8), dot > user.startIndex else {
            throw WireError(.malformedJID, "the agent of an address must be a number below 256, after a user")
        }
        self.agent = agent
        user = String(user[..<dot])
    }
}

extension FixedWidthInteger {
    /// The number that decimal digits write, and nothing but digits; nil if they do not or it does not fit.
    fileprivate init?(decimal digits: Substring.UTF8View) {
        guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        self.init(String(Substring(digits)))
    }
}

extension JID: Codable {
    /// Reads the text form.
    public init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
