import BotKit
import Foundation
import WhatsAppCloud

extension WhatsAppCloudSettings {
    /// One entry of `CLOUD_NUMBERS`.
    struct FurtherNumber: Sendable {
        let id: String
        /// The variable with its own token.
        let tokenKey: String?
    }

    /// The settings by name, shape and default.
    enum Keys {
        static let phoneNumberID = Setting<String?>(
            "CLOUD_PHONE_NUMBER_ID", shape: "the digits of a phone number id", default: nil, written: nil,
            "The id (not the number) of the business number that the bot speaks for. It connects the network."
        ) { text in
            guard isID(text) else { return nil }
            return text
        }
        static let accessToken = Setting.secret(
            "CLOUD_ACCESS_TOKEN", "The permanent token of a system user, never the dashboard's token of a day.")
        static let appSecret = Setting.secret(
            "CLOUD_APP_SECRET", "The app secret, with which Meta signs webhooks. Unsigned ones are refused.")
        static let previousAppSecret = Setting.secret(
            "CLOUD_APP_SECRET_PREVIOUS", "During a rotation, the app secret before: both are taken.")
        static let verifyToken = Setting.secret(
            "CLOUD_VERIFY_TOKEN", "The word that is typed beside the callback URL in Meta's dashboard.")
        static let numbers = Setting<[FurtherNumber]>(
            "CLOUD_NUMBERS", shape: "phone number ids with commas between, each alone or as id:VARIABLE", default: [],
            written: nil,
            "Further numbers of the same app. Each uses CLOUD_ACCESS_TOKEN, or the token in the variable named after "
                + "it."
        ) { text in
            let parts = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            let numbers = parts.filter { !$0.isEmpty }.map { FurtherNumber($0) }
            return numbers.contains { $0 == nil } ? nil : numbers.compactMap { $0 }
        }
        static let template = Setting<TemplateMessage?>(
            "CLOUD_WINDOW_TEMPLATE", shape: "a template's name, or name:language such as answer_ready:en_US",
            default: nil, written: nil,
            "An approved template without blanks. It is sent, at most once a day and chat, when an answer waits and 24 "
                + "hours have passed since the member wrote; the answer follows when the member writes."
        ) { text in
            guard let template = TemplateMessage(setting: text) else { return nil }
            return template
        }
        static let pairInterval = Setting.milliseconds(
            "CLOUD_PAIR_INTERVAL_MILLISECONDS", default: 6_000, in: 0...600_000,
            "The time between two messages to one member in the long run. 0 = no limit.")
        static let pairBurst = Setting.integer(
            "CLOUD_PAIR_BURST", default: 10, in: 0...1_000,
            "How many messages to one member may go at once. 0 = no burst: one by one, as with 1.")
        static let numberRate = Setting.integer(
            "CLOUD_NUMBER_PER_SECOND", default: 60, in: 0...10_000,
            "How many messages a second one number sends; Meta allows 80. 0 = no limit.")
        static let acknowledgementRate = Setting.integer(
            "CLOUD_ACKNOWLEDGEMENTS_PER_SECOND", default: 20, in: 0...1_000,
            "How often a second one number says that it read or types. 0 = no limit.")
        static let acknowledgementHold = Setting.milliseconds(
            "CLOUD_ACKNOWLEDGEMENT_HOLD_MILLISECONDS", default: 1_000, in: 0...600_000,
            "How long a number says nothing of reading and typing when Meta says that it does so too fast (130429); it "
                + "then does so at half its pace for a while. 0 = no hold: only the pace is halved.")
        static let pairHold = Setting.milliseconds(
            "CLOUD_PAIR_HOLD_MILLISECONDS", default: 4_000, in: 0...600_000,
            "How long a chat is held when Meta says that one member gets too many messages (131056); four times as "
                + "long with each in a row. 0 = no hold: the reply waits as after any failed send.")
        static let numberHold = Setting.milliseconds(
            "CLOUD_NUMBER_HOLD_MILLISECONDS", default: 1_000, in: 0...600_000,
            "How long the number is held when Meta says that it sends too fast (130429); it then sends at half its "
                + "pace for a while. " + withoutHold)
        static let accountHold = Setting.seconds(
            "CLOUD_ACCOUNT_HOLD_SECONDS", default: 300, in: 0...86_400,
            "How long the number is held when Meta says that the app or the account makes too many calls (4, 80007). "
                + withoutHold)
        static let maintenanceHold = Setting.seconds(
            "CLOUD_MAINTENANCE_HOLD_SECONDS", default: 60, in: 0...86_400,
            "How long the number is held when Meta says that the account is in maintenance (131057). " + withoutHold)
        static let groupHold = Setting.seconds(
            "CLOUD_GROUP_HOLD_SECONDS", default: 30, in: 0...86_400,
            "How long a group is held when Meta says that it gets too many messages (131208). " + withoutHold)
        static let marketingHold = Setting.seconds(
            "CLOUD_MARKETING_HOLD_SECONDS", default: 86_400, in: 0...604_800,
            "How long a message is kept back when Meta says that its member gets too many marketing templates "
                + "(131049); later ones of the chat go out meanwhile. Meta asks for a day. " + withoutHold)
        static let lostAnswer = Setting.seconds(
            "CLOUD_LOST_ANSWER_SECONDS", default: 45, in: 1...600,
            "How long to wait for a status of a message whose sending was cut, before it is sent once more."
        ).neverZero("whatever the cut left unknown would be sent twice")
        static let orderWait = Setting.milliseconds(
            "CLOUD_ORDER_WAIT_MILLISECONDS", default: 1_000, in: 0...60_000,
            "How long the next message to a member waits for a status of the one before, to keep their order. 0 = off.")
        static let sendTimeout = Setting.milliseconds(
            "CLOUD_SEND_TIMEOUT_MILLISECONDS", default: 30_000, in: 100...600_000, "The longest time for one call."
        ).neverZero("a call that never ends would hold its chat")
        static let transferTimeout = Setting.seconds(
            "CLOUD_TRANSFER_TIMEOUT_SECONDS", default: 300, in: 1...3_600, "The longest time for moving one file."
        ).neverZero("a transfer that never ends would hold its chat")
        static let version = Setting<String>(
            "CLOUD_API_VERSION", shape: "a version such as \(GraphConfiguration.currentVersion)",
            default: GraphConfiguration.currentVersion, written: GraphConfiguration.currentVersion,
            "The version of Meta's Graph API."
        ) { text in
            let digits = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
            return text.hasPrefix("v") && digits.count == 2 && digits.allSatisfy { isDigits($0, 1...4) } ? text : nil
        }
        static let baseURL = Setting<String>(
            "CLOUD_BASE_URL", shape: "scheme, host and port", default: "https://graph.facebook.com",
            written: "https://graph.facebook.com", "Where the Graph API is; an emulator for trials."
        ) { origin($0) }
        static let mediaHosts = Setting<[String]>(
            "CLOUD_MEDIA_HOSTS", shape: "addresses of scheme, host and port with commas between", default: [],
            written: nil, "Further places that files may be fetched from, with our token: emulators only."
        ) { text in
            let parts = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            let origins = parts.compactMap { origin($0) }
            return origins.count == parts.count ? origins : nil
        }

        private static let withoutHold =
            "0 = no hold: the reply waits as after any failed send. A wait that Meta names is obeyed all the same."

        /// The token of one further number.
        static func token(of id: String, in key: String) -> Setting<String?> {
            .secret(key, "The token of number \(id).")
        }

        static func isID(_ text: some StringProtocol) -> Bool { isDigits(text, 1...32) }

        private static func isDigits(_ text: some StringProtocol, _ length: ClosedRange<Int>) -> Bool {
            length.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }

        /// The address in lower case without a slash at its end.
        private static func origin(_ text: String) -> String? {
            guard let url = URL(string: text), ["http", "https"].contains(url.scheme?.lowercased() ?? ""),
                url.host()?.isEmpty == false, ["", "/"].contains(url.path()), url.query() == nil, url.user() == nil
            else { return nil }
            return (text.hasSuffix("/") ? String(text.dropLast()) : text).lowercased()
        }
    }
}

extension WhatsAppCloudSettings.FurtherNumber {
    fileprivate init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, WhatsAppCloudSettings.Keys.isID(parts[0]) else { return nil }
        id = String(parts[0])
        tokenKey = parts.count == 2 ? String(parts[1]) : nil
        let isName = tokenKey?.utf8.allSatisfy { byte in
            (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
        }
        if isName == false || tokenKey == "" { return nil }
    }
}

extension TemplateMessage {
    fileprivate init?(setting text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(parts.count) else { return nil }
        self.init(name: parts[0], language: parts.count == 2 ? parts[1] : "en")
        // The limits are those of a send, so that a wrong name stops the start and not the first answer.
        let probe = WhatsAppCloud.OutgoingMessage.template(self)
        guard (try? probe.validate(for: .number("15550000001"))) != nil else { return nil }
    }
}
