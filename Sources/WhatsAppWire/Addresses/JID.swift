/// An address of WhatsApp: of a user, one of their devices, a group, a list, a channel, or a server itself.
public struct JID: Sendable, Hashable {
    /// The part before the `@`; empty for a server itself. Of users without agent and device.
    public var user: String
    /// The part after the `@`.
    public var server: Server
    /// The device: 0 is the primary phone, or that no device is meant.
    public var device: UInt16
    /// A byte between user and device that only old and unknown kinds of addresses have; 0 for all others.
    public var agent: UInt8
    /// The other network of an `interop` address.
    public var integrator: UInt16

    /// The address of `user` at `server`.
    public init(_ user: String, _ server: Server, device: UInt16 = 0, agent: UInt8 = 0, integrator: UInt16 = 0) {
        self.user = user
        self.server = server
        self.device = device
        self.agent = agent
        self.integrator = integrator
    }
}

extension JID {
    /// `s.whatsapp.net`, to which requests about the account go.
    public static let whatsApp = JID("", .phoneNumber)
    /// `g.us`, to which requests about groups in general go.
    public static let groups = JID("", .group)
    /// `status@broadcast`, the chat of status messages.
    public static let status = JID("status", .broadcast)

    /// The address of a user by phone number: digits with the country code, without `+`.
    public static func phoneNumber(_ digits: String, device: UInt16 = 0) -> JID {
        JID(digits, .phoneNumber, device: device)
    }

    /// The address of a user by their opaque number.
    public static func lid(_ user: String, device: UInt16 = 0) -> JID { JID(user, .lid, device: device) }

    /// The address of a group by its id.
    public static func group(_ id: String) -> JID { JID(id, .group) }

    /// The user or chat without device and agent. The account of a device that a business host runs is one like others.
    public var withoutDevice: JID {
        guard device != 0 || agent != 0 || isHosted else { return self }
        return JID(user, isHosted ? isLID ? .lid : .phoneNumber : server, integrator: integrator)
    }

    /// The same user's device `number`.
    public func with(device number: UInt16) -> JID {
        var jid = self
        jid.device = number
        return jid
    }

    /// The same user's device that has the number of `other`, and lives where that one does.
    public func device(like other: JID) -> JID {
        guard other.isHosted else { return withoutDevice.with(device: other.device) }
        return JID(user, isLID ? .hostedLID : .hosted, device: other.device)
    }

    /// Whether this is a device that a business host runs.
    public var isHosted: Bool { server == .hosted || server == .hostedLID }

    /// Whether this is a person's or a business's account or device, by number, LID or at a host.
    public var isUser: Bool { server.domain != nil && !user.isEmpty }

    /// Whether this is a user by LID, hosted ones too.
    public var isLID: Bool { server == .lid || server == .hostedLID }

    /// Whether this is a user by phone number, hosted ones too.
    public var isPhoneNumber: Bool { (server == .phoneNumber || server == .hosted) && !user.isEmpty }

    /// Whether this is a group.
    public var isGroup: Bool { server == .group && !user.isEmpty }

    /// Whether this is a broadcast list or the status chat.
    public var isBroadcast: Bool { server == .broadcast }

    /// Whether this is a channel.
    public var isNewsletter: Bool { server == .newsletter }

    /// Whether this is an automatic account of WhatsApp's.
    public var isBot: Bool { server == .bot }

    /// Whether this is a server and no account.
    public var isServer: Bool { user.isEmpty }

    /// The byte that stands for the kind of user: that of the server, or the agent of an unknown kind.
    public var domain: UInt8 { server.domain.flatMap { $0 == 0 ? nil : $0 } ?? agent }

    /// The name part of the device's address in Signal: the user, with `_` and the domain unless it is 0.
    ///
    /// The other part is `device`.
    public var signalName: String {
        let domain = domain
        return domain == 0 ? user : "\(user)_\(domain)"
    }
}
