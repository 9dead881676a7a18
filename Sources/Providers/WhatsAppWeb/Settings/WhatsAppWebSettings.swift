public import BotKit
public import Configuration
import Foundation
public import WhatsAppWeb

/// Everything about linked accounts of WhatsApp: how they are reached, how they appear, at which pace they write.
///
/// No setting names an account: those that were linked with `martlet link` are connected, unless `WHATSAPP_WEB` is off.
public struct WhatsAppWebSettings: SettingsGroup {
    public static let title = "WhatsApp Web (linked accounts)"

    public static var settings: [SettingDescription] {
        [
            Keys.isOn.described, Keys.menus.described, Keys.online.described, Keys.readReceipts.described,
            Keys.selfChat.described, Keys.history.described, Keys.chatInterval.described, Keys.chatBurst.described,
            Keys.interval.described,
            Keys.burst.described, Keys.disconnectedHold.described, Keys.rateHold.described, Keys.devicesHold.described,
            Keys.deviceName.described, Keys.proxy.described, Keys.server.described, Keys.root.described,
            Keys.certificates.described,
        ]
    }

    /// How a question with options is shown.
    enum MenuStyle: String, CaseIterable, Sendable { case polls, numbers }

    /// Whether linked accounts are connected.
    public private(set) var isOn: Bool
    let menus: MenuStyle
    let isOnline: Bool
    let sendsReadReceipts: Bool
    let takesNotes: Bool
    let chatPace: Pace?
    let accountPace: Pace?
    let holds: WebHolds
    private let client: WebSettings

    public init(_ config: ConfigReader) throws {
        isOn = try config[Keys.isOn]
        menus = try config[Keys.menus]
        isOnline = try config[Keys.online]
        takesNotes = try config[Keys.selfChat]
        sendsReadReceipts = try config[Keys.readReceipts]
        chatPace = Pace(interval: try config[Keys.chatInterval], burst: try config[Keys.chatBurst])
        accountPace = Pace(interval: try config[Keys.interval], burst: try config[Keys.burst])
        holds = WebHolds(
            disconnected: try config[Keys.disconnectedHold], rate: try config[Keys.rateHold],
            devices: try config[Keys.devicesHold])
        var client = WebSettings()
        client.server = try config[Keys.server] ?? WebSettings.officialServer
        client.root = try config[Keys.root] ?? WebSettings.officialRoot
        client.trustedCertificates = try config[Keys.certificates]
        client.proxy = try config[Keys.proxy]
        client.deviceName = try config[Keys.deviceName]
        client.wantsHistory = try config[Keys.history]
        self.client = client
    }

    /// Whether the server must prove itself with another key than WhatsApp's: then it is an emulator.
    public var hasForeignRoot: Bool { !client.isOfficialRoot }

    /// Leaves the linked accounts alone, whatever is configured.
    public mutating func disconnect() { isOn = false }

    /// How a client reaches its server.
    /// - Parameters:
    ///   - linksByCodeTo: the phone number to link by a code; `nil` for QR codes.
    ///   - files: where what is too large for memory lies while it is read.
    public func client(linksByCodeTo: String? = nil, files: MediaFolder = MediaFolder()) -> WebSettings {
        var settings = client
        settings.temporaryFile = { files.newFile() }
        settings.linksByCodeTo = linksByCodeTo
        return settings
    }

    /// Whether the settings can work, as far as that shows without a connection.
    /// - Throws: `Misconfiguration`.
    public func check() throws {
        guard isOn, let path = client.trustedCertificates else { return }
        guard let pem = try? String(contentsOfFile: path, encoding: .utf8), pem.contains("BEGIN CERTIFICATE") else {
            throw Misconfiguration(
                Keys.certificates.name, "names a file that holds no certificate in PEM form or cannot be read",
                remedy: "Remove \(Keys.certificates.name), or set it to the certificate of your emulator.")
        }
    }

    /// Phones take a new text for 15 minutes; one of them is for its way.
    private static let editWindow = Duration.seconds(14 * 60)

    /// What linked accounts can show, and how fast.
    var abilities: Abilities {
        Abilities(
            textLimit: 4_096, buttons: menus == .polls ? Poll.mostOptions : 0, typingLasts: .seconds(15),
            choosesMessageIDs: true, chatPace: chatPace, accountPace: accountPace, editWindow: Self.editWindow)
    }
}
