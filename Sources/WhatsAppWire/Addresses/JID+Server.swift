extension JID {
    /// The part of an address after the `@`: which kind of address it is.
    public struct Server: Sendable, Hashable, CustomStringConvertible {
        /// The name on the wire.
        public let name: String

        /// The server of that name; unknown ones are kept as they are.
        public init(_ name: String) { self.name = name }

        /// The name on the wire.
        public var description: String { name }

        /// Users by phone number.
        public static let phoneNumber = Server("s.whatsapp.net")
        /// Users by opaque number.
        public static let lid = Server("lid")
        /// Groups.
        public static let group = Server("g.us")
        /// Broadcast lists and the status chat.
        public static let broadcast = Server("broadcast")
        /// Channels.
        public static let newsletter = Server("newsletter")
        /// Users by phone number, in the old form that message ids and contact queries still have.
        public static let legacy = Server("c.us")
        /// Devices of users by phone number that a business host runs.
        public static let hosted = Server("hosted")
        /// Devices of users by LID that a business host runs.
        public static let hostedLID = Server("hosted.lid")
        /// Automatic accounts of WhatsApp's.
        public static let bot = Server("bot")
        /// Users of Messenger.
        public static let messenger = Server("msgr")
        /// Users of other networks.
        public static let interop = Server("interop")

        /// The byte that stands for the server in a device's address on the wire; nil if its users have no devices.
        var domain: UInt8? {
            switch self {
            case .phoneNumber: 0
            case .lid: 1
            case .hosted: 128
            case .hostedLID: 129
            default: nil
            }
        }

        /// The server of a domain byte; nil if it is unknown.
        init?(domain: UInt8) {
            switch domain {
            case 0: self = .phoneNumber
            case 1: self = .lid
            case 128: self = .hosted
            case 129: self = .hostedLID
            default: return nil
            }
        }
    }
}
