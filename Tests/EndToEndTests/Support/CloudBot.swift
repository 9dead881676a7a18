import AsyncHTTPClient
import BotKit
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import StoreSQLite
import Testing

@testable import WhatsAppEmulator

/// A running `martlet` that talks to an emulated Graph API and a model stub.
struct CloudBot: Sendable {
    let process: MartletProcess
    let emulator: GraphEmulator
    let model: ModelStub
    let home: TemporaryFolder
    /// Where webhooks go.
    let webhook: String
    /// What the process was started with, for further commands beside it.
    let environment: [String: String]

    /// The number of the simulated user.
    static let user = "15550000101"

    /// Runs all three while `body` works.
    /// - Parameter network: changes what the emulator does.
    static func running(
        _ settings: [String: String] = [:], over home: TemporaryFolder? = nil,
        network change: (inout GraphEmulator.Configuration) -> Void = { _ in },
        _ body: @escaping @Sendable (CloudBot) async throws -> Void
    ) async throws {
        var emulated = GraphEmulator.Configuration()
        emulated.port = 0
        change(&emulated)
        let configuration = emulated
        let home = try home ?? TemporaryFolder()
        try await ModelStub.serving { model, environment in
            try await GraphEmulator.serving(configuration) { emulator in
                let base = try await emulator.baseURL().replacing("/v26.0", with: "")
                let number = emulator.configuration.numbers[0]
                let environment = environment.merging([
                    "CLOUD_PHONE_NUMBER_ID": number.phoneNumberID, "CLOUD_ACCESS_TOKEN": emulator.configuration.token,
                    "CLOUD_APP_SECRET": emulator.configuration.appSecret,
                    "CLOUD_VERIFY_TOKEN": emulator.configuration.verifyToken, "CLOUD_BASE_URL": base,
                    "CLOUD_MEDIA_HOSTS": base, "CLOUD_PAIR_INTERVAL_MILLISECONDS": "0", "HEALTH_PORT": "0",
                    "SETTLE_MILLISECONDS": "0", "LOG_FORMAT": "json", "CLOUD_LOST_ANSWER_SECONDS": "2",
                    "OUTBOX_RETRY_MILLISECONDS": "50", "CLOUD_SEND_TIMEOUT_MILLISECONDS": "8000",
                ]) { $1 }.merging(settings) { $1 }
                let process = try MartletProcess(["run"], home: home, environment: environment)
                let line = try await process.line { $0.contains(#""port":"#) }
                let port = try #require(process.lines[line].firstMatch(of: /"port":(\d+)/)).1
                let webhook = "http://127.0.0.1:\(port)/webhook/cloud"
                await emulator.setWebhook(url: webhook)
                try await body(
                    CloudBot(
                        process: process, emulator: emulator, model: model, home: home, webhook: webhook,
                        environment: environment))
                process.signal(SIGTERM)
                let status = try await process.exitStatus()
                if status != 0 {
                    throw MartletProcess.Failure(description: "exit \(status): \(process.lines.suffix(5))")
                }
            }
        }
    }

    /// The texts that arrived at the emulated network.
    var texts: [String] {
        get async { await emulator.sent().compactMap(\.text) }
    }

    /// What the bot calls the person with a number.
    func member(_ phone: String) async throws -> String {
        var options = SQLiteDatabase.Options()
        options.isOnlyInstance = false
        let store = try SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite"), options)
        let rows = try await store.rows("SELECT member FROM cloud_user WHERE phone = \(phone)")
        try await store.close()
        return try #require(rows.first).text("member")
    }

    /// The answer of `/readyz`.
    func readiness() async throws -> (status: UInt, body: String) {
        let url = webhook.replacing("/webhook/cloud", with: "/readyz")
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(30))
        return (response.status.code, String(buffer: try await response.body.collect(upTo: 1_024)))
    }

    /// What `martlet doctor` prints beside the running bot.
    func doctor() async throws -> String {
        let process = try MartletProcess(["doctor"], home: home, environment: environment)
        process.closeInput()
        _ = try await process.exitStatus()
        return process.lines.joined(separator: "\n")
    }

    /// The processor time that the bot has used (proc(5), `stat`, fields 14 and 15).
    func processorTime() throws -> Duration {
        let stat = try String(contentsOfFile: "/proc/\(process.pid)/stat", encoding: .utf8)
        let fields = stat.drop { $0 != ")" }.split(separator: " ")
        let ticks = fields[12...13].compactMap { Int($0) }.reduce(0, +)
        return .milliseconds(ticks * 1_000 / sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Posts raw bytes to the webhook.
    /// - Parameter proxies: the senders that the nearest proxy names.
    @discardableResult
    func post(_ body: [UInt8], signature: String?, through proxies: String? = nil) async throws -> UInt {
        var request = HTTPClientRequest(url: webhook)
        request.method = .POST
        if let signature { request.headers.add(name: "X-Hub-Signature-256", value: signature) }
        if let proxies { request.headers.add(name: "X-Forwarded-For", value: proxies) }
        request.body = .bytes(ByteBuffer(bytes: body))
        return try await HTTPClient.shared.execute(request, timeout: .seconds(30)).status.code
    }

    /// Posts a signed text, once and past the emulator, of a user known by number, by business-scoped id, or by both.
    /// - Returns: the status of the answer.
    @discardableResult
    func deliver(_ text: String, id: String, from phone: String? = user, userID: String? = nil) async throws -> UInt {
        let sender = [phone.map { #""from":"\#($0)","# }, userID.map { #""from_user_id":"\#($0)","# }]
        let contact = [phone.map { #""wa_id":"\#($0)""# }, userID.map { #""user_id":"\#($0)""# }]
        let number = emulator.configuration.numbers[0]
        let body = Array(
            """
            {"object":"whatsapp_business_account","entry":[{"id":"\(number.accountID)","changes":[{"field":"messages",\
            "value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"\(number.displayNumber)",\
            "phone_number_id":"\(number.phoneNumberID)"},"contacts":\
            [{\(contact.compactMap { $0 }.joined(separator: ","))}],\
            "messages":[{\(sender.compactMap { $0 }.joined())"id":"\(id)","timestamp":\
            "\(Int(Date().timeIntervalSince1970))","type":"text","text":{"body":"\(text)"}}]}}]}]}
            """.utf8)
        return try await post(body, signature: signature(of: body))
    }

    /// The signature of the app.
    func signature(of body: [UInt8]) -> String {
        let key = SymmetricKey(data: Data(emulator.configuration.appSecret.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: body, using: key)
        return "sha256=" + code.map { String(format: "%02x", $0) }.joined()
    }
}
