import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOHTTP1
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

    /// The number of the simulated user.
    static let user = "15550000101"

    /// Runs all three while `body` works.
    static func running(
        _ settings: [String: String] = [:], _ body: @escaping @Sendable (CloudBot) async throws -> Void
    ) async throws {
        let configuration = {
            var configuration = GraphEmulator.Configuration()
            configuration.port = 0
            return configuration
        }()
        let home = try TemporaryFolder()
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
                    "OUTBOX_RETRY_MILLISECONDS": "50",
                ]) { $1 }.merging(settings) { $1 }
                let process = try MartletProcess(["run"], home: home, environment: environment)
                let line = try await process.line { $0.contains(#""port":"#) }
                let port = try #require(process.lines[line].firstMatch(of: /"port":(\d+)/)).1
                let webhook = "http://127.0.0.1:\(port)/webhook/cloud"
                await emulator.setWebhook(url: webhook)
                try await body(
                    CloudBot(process: process, emulator: emulator, model: model, home: home, webhook: webhook))
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

    /// Posts raw bytes to the webhook.
    /// - Parameter proxies: the senders that the nearest proxy names.
    func post(_ body: [UInt8], signature: String?, through proxies: String? = nil) async throws -> UInt {
        var request = HTTPClientRequest(url: webhook)
        request.method = .POST
        if let signature { request.headers.add(name: "X-Hub-Signature-256", value: signature) }
        if let proxies { request.headers.add(name: "X-Forwarded-For", value: proxies) }
        request.body = .bytes(ByteBuffer(bytes: body))
        return try await HTTPClient.shared.execute(request, timeout: .seconds(30)).status.code
    }

    /// The signature of the app.
    func signature(of body: [UInt8]) -> String {
        let key = SymmetricKey(data: Data(emulator.configuration.appSecret.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: body, using: key)
        return "sha256=" + code.map { String(format: "%02x", $0) }.joined()
    }
}
