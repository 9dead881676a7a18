import Crypto
import WhatsAppWire

/// An account: a number, its hidden id, its phone and the devices that are linked to it.
final class EmulatedAccount {
    /// The number, digits.
    let number: String
    /// The user part of its LID, made from the number.
    let lidUser: String
    var name: String
    var about = "Hey there! I am using WhatsApp."
    /// By their number; 0 is the phone.
    private(set) var devices: [UInt16: EmulatedDevice] = [:]
    private var nextDevice: UInt16 = 1
    var blocklist: Set<JID> = []
    /// App state as the server keeps it, by name.
    var collections: [String: EmulatedCollection] = [:]
    var privacy = [
        "groupadd": "all", "last": "all", "status": "all", "profile": "all", "readreceipts": "all", "online": "all",
        "calladd": "all", "messages": "all",
    ]
    var picture: (id: String, bytes: [UInt8])?
    var isAvailable = false
    /// The numbers of accounts that want to know whether this one is online.
    var subscribers: Set<String> = []
    /// What logins are answered by instead of success; nil lets them in.
    var loginFailure: Node?
    /// Whose second address its messages show beside its first, on purpose; nil for its own.
    weak var disguise: EmulatedAccount?

    init(number: String, name: String) {
        self.number = number
        let digest = SHA256.hash(data: Array("lid:\(number)".utf8)).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        lidUser = String(100_000_000_000_000 + digest % 900_000_000_000_000)
        self.name = name.isEmpty ? "User \(number.suffix(4))" : name
    }

    /// The digits of a telephone number as people write it; nil if it is none.
    static func digits(of text: String) -> String? {
        let user = text.prefix { $0 != "@" }
        let digits = user.filter { $0.isASCII && $0.isNumber }
        guard (1...15).contains(digits.count), user.first != "-",
            user.allSatisfy({ $0.isASCII && ($0.isNumber || "+-() ".contains($0)) })
        else { return nil }
        return digits
    }

    /// The address by number.
    var phoneNumber: JID { .phoneNumber(number) }
    /// The address by LID.
    var lid: JID { .lid(lidUser) }
    /// The address in one of the two ways.
    func address(lid usesLID: Bool) -> JID { usesLID ? lid : phoneNumber }
    /// The second address that its messages show.
    func secondAddress(lid usesLID: Bool) -> JID { (disguise ?? self).address(lid: usesLID) }

    /// All devices, the phone first.
    var allDevices: [EmulatedDevice] { devices.values.sorted { $0.number < $1.number } }
    /// The linked devices.
    var companions: [EmulatedDevice] { allDevices.filter { $0.number > 0 } }

    /// A number that no device of this account had before.
    func takeDeviceNumber() -> UInt16 {
        defer { nextDevice &+= 1 }
        return nextDevice
    }

    func add(_ device: EmulatedDevice) { devices[device.number] = device }

    func remove(_ device: EmulatedDevice) { devices[device.number] = nil }
}

/// A collection of app state: encrypted patches that the server cannot read.
struct EmulatedCollection {
    var version: UInt64 = 0
    /// `SyncdPatch` messages with their version.
    var patches: [(version: UInt64, bytes: [UInt8])] = []
}
