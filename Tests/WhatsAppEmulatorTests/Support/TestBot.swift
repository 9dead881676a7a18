import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

@testable import WhatsAppEmulator

/// What a server answered.
struct Answer: Sendable {
    let status: Int
    /// By lower-case name.
    let headers: [String: String]
    let bytes: [UInt8]

    /// The body as JSON, `null` when it is none.
    var json: EmulatorJSON { (try? EmulatorJSON.parse(bytes)) ?? .null }
    /// The code of Meta's error.
    var errorCode: Int? { json["error"]?["code"]?.whole }
    /// The id of an accepted message.
    var messageID: String? { json["messages"]?[0]?["id"]?.text }
}

/// A bot that calls an emulator over loopback HTTP.
struct TestBot: Sendable {
    static let phoneID = BusinessNumber().phoneNumberID
    static let dana = "15550000101"
    /// An HTTP method.
    enum Method: String { case GET, POST, PUT, DELETE }

    let emulator: GraphEmulator
    let base: String

    /// Calls `path` of the emulator, such as `/v26.0/…` or `/control/…`.
    func call(
        _ method: Method, _ path: String, _ json: EmulatorJSON? = nil, bytes: [UInt8]? = nil, type: String? = nil,
        token: String? = GraphEmulator.Configuration().token, within deadline: Duration = .seconds(20)
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: path.hasPrefix("http") ? path : base + path)
        request.method = HTTPMethod(rawValue: method.rawValue)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body = json?.encoded() ?? bytes {
            request.headers.add(name: "Content-Type", value: type ?? "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: TimeAmount(deadline))
        let body = try await response.body.collect(upTo: 128 << 20)
        let headers = response.headers.map { ($0.name.lowercased(), $0.value) }
        return Answer(
            status: Int(response.status.code), headers: Dictionary(headers, uniquingKeysWith: { first, _ in first }),
            bytes: Array(body.readableBytesView))
    }

    /// Posts to `/messages` of the first number.
    func send(_ body: EmulatorJSON, within deadline: Duration = .seconds(20)) async throws -> Answer {
        try await call(.POST, "/v26.0/\(Self.phoneID)/messages", body, within: deadline)
    }

    /// Sends a text to `to`.
    func send(text: String = "hello", to: String = dana, callback: String? = nil) async throws -> Answer {
        try await send(Self.message(to: to, ["type": "text", "text": ["body": .string(text)]], callback: callback))
    }

    /// Sends `body`, gives the call up once the emulator has it, and tells whether it was left without an answer.
    func isLeftWithoutAnswer(_ body: EmulatorJSON) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            let first = await emulator.world.log.sequence
            group.addTask { (try? await send(body)) == nil }
            _ = await emulator.waitForSent(1, SentFilter(since: first, outcomes: nil))
            group.cancelAll()
            return await group.next() ?? false
        }
    }

    /// A message body with the usual frame.
    static func message(to: String = dana, _ content: EmulatorJSON, callback: String? = nil) -> EmulatorJSON {
        var body: EmulatorJSON = ["messaging_product": "whatsapp", "recipient_type": "individual", "to": .string(to)]
        body = body.with("biz_opaque_callback_data", callback.map(EmulatorJSON.string))
        for member in content.members ?? [] { body = body.with(member.name, member.value) }
        return body
    }

    /// Uploads a file as a bot does.
    func upload(_ bytes: [UInt8], type: String, name: String) async throws -> Answer {
        let boundary = "boundary-of-the-test"
        var body = Array(
            """
            --\(boundary)\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\nwhatsapp\r\n\
            --\(boundary)\r\nContent-Disposition: form-data; name="type"\r\n\r\n\(type)\r\n\
            --\(boundary)\r\nContent-Disposition: form-data; name="file"; filename="\(name)"\r\n\
            Content-Type: \(type)\r\n\r\n
            """.utf8)
        body += bytes
        body += Array("\r\n--\(boundary)--\r\n".utf8)
        return try await call(
            .POST, "/v26.0/\(Self.phoneID)/media", bytes: body, type: "multipart/form-data; boundary=\(boundary)")
    }
}

/// Runs an emulator on a free port while `body` works.
func withEmulator(
    _ configure: (inout GraphEmulator.Configuration) -> Void = { _ in },
    _ body: @Sendable (TestBot) async throws -> Void
) async throws {
    var configuration = GraphEmulator.Configuration()
    configuration.port = 0
    configuration.statusDelay = .milliseconds(1)
    configuration.webhookRetries = Array(repeating: .milliseconds(5), count: 20)
    configure(&configuration)
    try await GraphEmulator.serving(configuration) { emulator in
        try await body(TestBot(emulator: emulator, base: "http://127.0.0.1:\(try await emulator.start())"))
    }
}

/// Runs an emulator whose user Dana just wrote, so that the window is open.
func withOpenWindow(
    _ configure: (inout GraphEmulator.Configuration) -> Void = { _ in },
    _ body: @Sendable (TestBot) async throws -> Void
) async throws {
    try await withEmulator(configure) { bot async throws in
        try await bot.emulator.receive(text: "hi", from: TestBot.dana)
        try await body(bot)
    }
}
