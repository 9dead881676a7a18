import BotKit
import Foundation
import WhatsAppWeb

extension WhatsAppWebSettings {
    /// The settings by name, shape and default.
    enum Keys {
        static let isOn = toggle(
            "WHATSAPP_WEB", default: true,
            "Whether the accounts that were linked with `martlet link` are connected. `off` leaves them linked.")
        static let menus = Setting<MenuStyle>.choice(
            "WHATSAPP_WEB_MENUS", default: .polls,
            "How a question with options is shown: as a poll to tap on, or as numbered text to answer with a number.")
        static let online = toggle(
            "WHATSAPP_WEB_ONLINE", default: true,
            "Whether the account appears online while the bot runs. While it does, the phone shows no notifications of "
                + "its own; `off` gives them back, and members may then not see that the bot is typing.")
        static let readReceipts = toggle(
            "WHATSAPP_WEB_READ_RECEIPTS", default: true,
            "Whether members see that their messages were read; `off` tells it only to your own devices.")
        static let selfChat = toggle(
            "WHATSAPP_WEB_SELF_CHAT", default: false,
            "Whether the owner of a linked account may talk with the bot in the chat with themselves, on the phone; "
                + "there they have the role of an owner. What other linked devices write there, and what is written to "
                + "other people, is never answered.")
        static let history = toggle(
            "WHATSAPP_WEB_HISTORY", default: false,
            "Whether what members wrote before the account was linked is stored, as far as the phone hands it over "
                + "when it is linked. It is never answered, and kept as long as other messages.")
        static let chatInterval = Setting.milliseconds(
            "WHATSAPP_WEB_CHAT_PACE_MILLISECONDS", default: 500, in: 0...600_000,
            "The time between two messages to one chat in the long run. 0 = no limit.")
        static let chatBurst = Setting.integer(
            "WHATSAPP_WEB_CHAT_BURST", default: 10, in: 0...1_000,
            "How many messages to one chat may go at once. 0 = no burst: one by one, as with 1.")
        static let interval = Setting.milliseconds(
            "WHATSAPP_WEB_PACE_MILLISECONDS", default: 100, in: 0...600_000,
            "The time between two messages of one account in the long run. Who writes faster than people do risks the "
                + "number. 0 = no limit.")
        static let burst = Setting.integer(
            "WHATSAPP_WEB_BURST", default: 50, in: 0...10_000,
            "How many messages of one account may go at once. 0 = no burst: one by one, as with 1.")
        static let disconnectedHold = Setting.milliseconds(
            "WHATSAPP_WEB_DISCONNECTED_HOLD_MILLISECONDS", default: 3_000, in: 0...600_000,
            "How long the account is held when a reply is to go out and there is no connection. " + withoutHold)
        static let rateHold = Setting.seconds(
            "WHATSAPP_WEB_RATE_HOLD_SECONDS", default: 60, in: 0...86_400,
            "How long the account is held when WhatsApp says that it sends too much (429). " + withoutHold)
        static let devicesHold = Setting.milliseconds(
            "WHATSAPP_WEB_DEVICES_HOLD_MILLISECONDS", default: 2_000, in: 0...600_000,
            "How long a reply waits when WhatsApp says that the list of devices or the group was out of date (420, "
                + "421, 479); it is asked for anew. " + withoutHold)
        static let deviceName = Setting<String>(
            "WHATSAPP_WEB_DEVICE_NAME", shape: "a text of 1 to 50 characters", default: "Martlet", written: "Martlet",
            "What the list of linked devices on the phone calls the bot; taken when an account is linked."
        ) { (1...50).contains($0.count) ? $0 : nil }
        static let proxy = address(
            "WHATSAPP_WEB_PROXY", schemes: ["http", "socks5"],
            shape: "http://[user:password@]host[:port], or socks5://host[:port] without a password", written: nil,
            secret: true,
            "A proxy on the way to WhatsApp."
        ) { $0.scheme != "socks5" || ($0.user() == nil && $0.password() == nil) }
        static let server = address(
            "WHATSAPP_WEB_URL", schemes: ["ws", "wss"], shape: "an address that starts with ws:// or wss://",
            written: WebSettings.officialServer.absoluteString,
            "Where the servers are; another one only for an emulator.")
        static let root = Setting<[UInt8]?>(
            "WHATSAPP_WEB_ROOT", shape: "64 hexadecimal digits", default: nil, written: nil,
            "The key that the servers must prove themselves with; only for an emulator. Without it, WhatsApp's own. "
                + "With it, whoever runs that server reads everything: the bot warns at every start."
        ) { $0.utf8.count == 64 ? Hexadecimal.bytes($0) : nil }
        static let certificates = Setting.text(
            "WHATSAPP_WEB_CA", "A file (PEM) with the certificates to trust instead of the system's; for an emulator.")

        /// How 0 of a hold is explained.
        private static let withoutHold = "0 = no hold: the reply waits as after any failed send."

        /// `on` or `off`; the words of flags are taken too.
        private static func toggle(_ name: String, default fallback: Bool, _ purpose: String) -> Setting<Bool> {
            Setting(name, shape: "on or off", default: fallback, written: fallback ? "on" : "off", purpose) {
                ["on": true, "off": false, "true": true, "false": false][$0.lowercased()]
            }
        }

        private static func address(
            _ name: String, schemes: [String], shape: String, written: String?, secret: Bool = false,
            _ purpose: String, where fits: @escaping @Sendable (URL) -> Bool = { _ in true }
        ) -> Setting<URL?> {
            Setting(name, shape: shape, default: nil, written: written, secret: secret, purpose) { text in
                guard let url = URL(string: text), schemes.contains(url.scheme ?? ""),
                    url.host()?.isEmpty == false, fits(url)
                else { return nil }
                return url
            }
        }
    }
}
