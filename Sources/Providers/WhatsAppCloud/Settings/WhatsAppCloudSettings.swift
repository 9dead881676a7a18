public import BotKit
public import Configuration
import Foundation
import WhatsAppCloud

/// Everything about the official API: which numbers, with which secrets, at which pace.
///
/// `CLOUD_PHONE_NUMBER_ID` connects the network; then `CLOUD_ACCESS_TOKEN`, `CLOUD_APP_SECRET` and
/// `CLOUD_VERIFY_TOKEN` must be there. The other keys are listed in `settings`.
public struct WhatsAppCloudSettings: SettingsGroup, CustomStringConvertible {
    public static let title = "WhatsApp Cloud API"

    public static var settings: [SettingDescription] {
        [
            Keys.phoneNumberID.described, Keys.accessToken.described, Keys.appSecret.described,
            Keys.previousAppSecret.described, Keys.verifyToken.described, Keys.numbers.described,
            Keys.template.described, Keys.pairInterval.described, Keys.pairBurst.described,
            Keys.pairHold.described, Keys.numberRate.described, Keys.numberHold.described,
            Keys.accountHold.described, Keys.maintenanceHold.described, Keys.groupHold.described,
            Keys.marketingHold.described, Keys.acknowledgementRate.described, Keys.acknowledgementHold.described,
            Keys.lostAnswer.described,
            Keys.orderWait.described, Keys.sendTimeout.described, Keys.transferTimeout.described,
            Keys.version.described, Keys.baseURL.described, Keys.mediaHosts.described,
        ]
    }

    /// The tokens of further numbers.
    public static func settings(namedIn config: ConfigReader) throws -> [SettingDescription] {
        try config[Keys.numbers].compactMap { number in
            number.tokenKey.map { Keys.token(of: number.id, in: $0).described }
        }
    }

    /// One of the business's numbers.
    struct Number: Sendable {
        let id: PhoneNumberID
        let token: String
    }

    /// Our numbers, the first one first; empty when the network is not configured.
    private(set) var numbers: [Number] = []
    /// The app secret, and during a rotation the one before.
    private(set) var appSecrets: [String] = []
    private(set) var verifyToken = ""
    /// What is sent, at most once a day, to a member whom nothing else may be sent to.
    let template: TemplateMessage?
    let chatPace: Pace?
    let accountPace: Pace?
    let holds: CloudHolds
    /// How often it is said that messages are read and answers written.
    let acknowledgementPace: NumberPacer.Settings
    let lostAnswerWait: Duration
    let orderWait: Duration?
    private let baseURL: String
    private let version: String
    private let mediaOrigins: Set<String>
    private let sendTimeout: Duration
    private let transferTimeout: Duration

    /// Whether there is a number to connect.
    public var isConfigured: Bool { !numbers.isEmpty }
    /// Where Meta's API is, as a URL.
    public var address: String { baseURL }
    /// Only the number of numbers; the rest is secret or long.
    public var description: String { "WhatsAppCloudSettings(\(numbers.count) numbers)" }

    public init(_ config: ConfigReader) throws {
        template = try config[Keys.template]
        chatPace = Pace(interval: try config[Keys.pairInterval], burst: try config[Keys.pairBurst])
        let rate = try config[Keys.numberRate]
        accountPace = rate > 0 ? Pace(interval: .seconds(1) / rate, burst: rate) : nil
        holds = CloudHolds(
            pair: try config[Keys.pairHold], number: try config[Keys.numberHold],
            account: try config[Keys.accountHold], maintenance: try config[Keys.maintenanceHold],
            group: try config[Keys.groupHold], marketing: try config[Keys.marketingHold])
        var pace = NumberPacer.Settings()
        pace.rate = Double(try config[Keys.acknowledgementRate])
        pace.hold = try config[Keys.acknowledgementHold].seconds
        acknowledgementPace = pace
        lostAnswerWait = try config[Keys.lostAnswer]
        let wait = try config[Keys.orderWait]
        orderWait = wait > .zero ? wait : nil
        sendTimeout = try config[Keys.sendTimeout]
        transferTimeout = try config[Keys.transferTimeout]
        version = try config[Keys.version]
        baseURL = try config[Keys.baseURL]
        mediaOrigins = Set(try config[Keys.mediaHosts])
        try readNumbers(config)
    }

    /// Leaves the network out, whatever is configured.
    public mutating func disconnect() { numbers = [] }

    private mutating func readNumbers(_ config: ConfigReader) throws {
        let further = try config[Keys.numbers]
        guard let first = try config[Keys.phoneNumberID] else {
            guard further.isEmpty else {
                throw Self.missing(Keys.phoneNumberID.name, "while CLOUD_NUMBERS names further numbers")
            }
            return
        }
        let token = try Self.required(Keys.accessToken, config)
        let secret = try Self.required(Keys.appSecret, config)
        appSecrets = [secret] + [try config[Keys.previousAppSecret]].compactMap { $0 }.filter { $0 != secret }
        verifyToken = try Self.required(Keys.verifyToken, config)
        numbers = [Number(id: PhoneNumberID(rawValue: first), token: token)]
        for number in further {
            guard !numbers.contains(where: { $0.id.rawValue == number.id }) else {
                throw Misconfiguration(
                    Keys.numbers.name, "names \(number.id) twice", remedy: "Set each phone number id once.")
            }
            let own = try number.tokenKey.map { try Self.required(Keys.token(of: number.id, in: $0), config) }
            numbers.append(Number(id: PhoneNumberID(rawValue: number.id), token: own ?? token))
        }
        for number in numbers { _ = try graph(for: number) }
    }

    private static func required(_ setting: Setting<String?>, _ config: ConfigReader) throws -> String {
        guard let value = try config[setting] else {
            throw missing(setting.name, "while CLOUD_PHONE_NUMBER_ID is set")
        }
        return value
    }

    private static func missing(_ key: String, _ circumstance: String) -> Misconfiguration {
        Misconfiguration(
            key, "is missing \(circumstance)", remedy: "Set \(key); docs/cloud-api.md says where Meta shows it.")
    }

    /// Where and how a number is reached.
    /// - Throws: `Misconfiguration` when version or address are wrong.
    func graph(for number: Number) throws -> GraphConfiguration {
        do {
            // What the token goes to anyway may also serve files; that is how an emulator works without more settings.
            return try GraphConfiguration(
                phoneNumberID: number.id, baseURL: baseURL, version: version, timeout: sendTimeout,
                transferTimeout: transferTimeout, mediaHosts: MediaHosts(extraOrigins: mediaOrigins.union([baseURL])),
                allowsPlainHTTP: mediaOrigins.contains(baseURL.lowercased()))
        } catch {
            throw Misconfiguration(
                Keys.baseURL.name, "or another CLOUD_ setting is not usable (\(error.message))",
                remedy: "Set CLOUD_BASE_URL to https://graph.facebook.com, or to an emulator on this machine; an "
                    + "emulator elsewhere that speaks plain HTTP must stand in CLOUD_MEDIA_HOSTS too.")
        }
    }
}
