public import BotKit
public import Foundation
public import WhatsAppWeb

/// A number that Martlet is, or was, linked to as a device.
public struct WebAccount: Sendable, Hashable {
    /// The network of such accounts.
    public static let provider: ProviderID = "web"

    /// How far linking has come.
    public enum State: String, Sendable, Hashable, CaseIterable {
        case linking, linked, unlinked
    }

    /// What the owner calls it: a slug, see `isName`.
    public var name: String
    public var state: State
    /// Why it is not linked any more.
    public var reason: UnlinkReason?
    /// Our device under the number, such as `15550000001:3@s.whatsapp.net`.
    public var phoneNumber: String?
    /// Our device under the hidden id, such as `100000000000001:3@lid`.
    public var lid: String?
    /// What the phone shows in its list of linked devices.
    public var deviceName: String?
    /// What the phone runs on, in the server's words.
    public var platform: String?
    public var linkedAt: Date?

    public init(
        name: String, state: State = .linking, reason: UnlinkReason? = nil, phoneNumber: String? = nil,
        lid: String? = nil, deviceName: String? = nil, platform: String? = nil, linkedAt: Date? = nil
    ) {
        self.name = name
        self.state = state
        self.reason = reason
        self.phoneNumber = phoneNumber
        self.lid = lid
        self.deviceName = deviceName
        self.platform = platform
        self.linkedAt = linkedAt
    }

    /// The name of the account within the bot.
    public var id: AccountID { AccountID(provider: Self.provider, name: name) }

    /// Whether an account may be called so: 1 to 32 of the letters `a` to `z`, digits and hyphens.
    public static func isName(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
            }
    }
}

extension WebAccount {
    init(_ row: Row) throws {
        let state = try row.text("state")
        guard let known = State(rawValue: state) else {
            throw DatabaseError.unexpected("an account's state is unknown")
        }
        self.init(
            name: try row.text("name"), state: known,
            reason: try row.optionalInt("reason").flatMap { UnlinkReason(rawValue: Int($0)) },
            phoneNumber: try row.optionalText("phone_number"), lid: try row.optionalText("lid"),
            deviceName: try row.optionalText("device_name"), platform: try row.optionalText("platform"),
            linkedAt: try row.optionalDate("linked_at"))
    }
}
