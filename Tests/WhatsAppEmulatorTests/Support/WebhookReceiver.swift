import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import TestKit

@testable import WhatsAppEmulator

/// One webhook as it came in.
struct ReceivedWebhook: Sendable {
    let bytes: [UInt8]
    let signature: String?

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var json: EmulatorJSON { (try? EmulatorJSON.parse(bytes)) ?? .null }
    /// The `value` of the first change.
    var value: EmulatorJSON { json["entry"]?[0]?["changes"]?[0]?["value"] ?? .null }
    /// The first message.
    var message: EmulatorJSON { value["messages"]?[0] ?? .null }
    /// The first status.
    var status: EmulatorJSON { value["statuses"]?[0] ?? .null }

    /// Whether the signature is the one of these bytes; computed here, not by the emulator's own code.
    var isSigned: Bool {
        let key = SymmetricKey(data: Data(GraphEmulator.Configuration().appSecret.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Data(bytes), using: key)
        return signature == "sha256=" + code.map { String(format: "%02x", $0) }.joined()
    }
}

/// A bot's webhook endpoint on a free port.
actor WebhookReceiver {
    private(set) var webhooks: [ReceivedWebhook] = []
    private var statuses: [Int] = []
    private let port = ListeningPort()

    /// Answers the next webhooks with these statuses, then with 200.
    func answer(with statuses: [Int]) { self.statuses = statuses }

    private func take(_ webhook: ReceivedWebhook) -> Int {
        webhooks.append(webhook)
        return statuses.isEmpty ? 200 : statuses.removeFirst()
    }

    /// Waits until `count` webhooks that `filter` means are there; gives what is there at the deadline.
    func wait(
        for count: Int, where filter: @Sendable (ReceivedWebhook) -> Bool = { _ in true }
    ) async -> [ReceivedWebhook] {
        _ = await eventually { webhooks.count(where: filter) >= count }
        return webhooks.filter(filter)
    }

    private func serve(challenge: @escaping @Sendable (String) -> String) async throws {
        let router = Router()
        router.post("webhook") { request, _ -> HTTPResponse.Status in
            let body = try await request.body.collect(upTo: 4 << 20)
            let signature = HTTPField.Name("X-Hub-Signature-256").flatMap { request.headers[$0] }
            let webhook = ReceivedWebhook(bytes: Array(body.readableBytesView), signature: signature)
            return HTTPResponse.Status(code: await self.take(webhook))
        }
        router.get("webhook") { request, _ -> Response in
            let query = request.uri.queryParameters
            guard query["hub.mode"] == "subscribe",
                query["hub.verify_token"].map(String.init) == GraphEmulator.Configuration().verifyToken
            else { return Response(status: .forbidden) }
            let text = challenge(query["hub.challenge"].map(String.init) ?? "")
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        var logger = Logger(label: "receiver")
        logger.logLevel = .critical
        let application = Application(
            router: router, server: DeferredHTTPChannel.builder,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { await self.port.begin($0.localAddress?.port ?? 0) }, logger: logger)
        try await application.run()
    }

    /// Runs a receiver while `body` works; `challenge` makes the body of the handshake's answer.
    static func serving(
        challenge: @escaping @Sendable (String) -> String = { $0 },
        _ body: @Sendable (WebhookReceiver, String) async throws -> Void
    ) async throws {
        let receiver = WebhookReceiver()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await receiver.serve(challenge: challenge) }
            defer { group.cancelAll() }
            try await body(receiver, "http://127.0.0.1:\(try await receiver.port.port())/webhook")
        }
    }
}

/// Runs an emulator and a receiver of its webhooks while `body` works.
func withWebhooks(
    _ configure: @escaping @Sendable (inout GraphEmulator.Configuration) -> Void = { _ in },
    _ body: @Sendable (TestBot, WebhookReceiver) async throws -> Void
) async throws {
    try await WebhookReceiver.serving { receiver, url in
        try await withEmulator { configuration in
            configuration.webhookURL = url
            configure(&configuration)
        } _: { bot async throws in
            try await body(bot, receiver)
        }
    }
}
