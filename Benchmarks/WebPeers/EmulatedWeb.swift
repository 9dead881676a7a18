import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A running `whatsapp-emulator web`, with its servers and phones, which outlives every death of the bot.
struct EmulatedWeb: Sendable {
    /// A text that a phone could read.
    struct Text: Decodable, Sendable {
        /// The number of the phone's account.
        let reader: String
        let chat: String
        let sender: String
        let id: String
        let text: String
        /// The message that it quotes; empty when it quotes none.
        let quotes: String
    }

    /// What it saw so far.
    struct Counters: Decodable, Sendable {
        /// Ciphertexts of linked devices, and those whose key had been used before.
        let seen: Int
        let reused: Int
        /// Messages that the phones could decrypt, and those that they could not.
        let read: Int
        let unreadable: Int
    }

    /// A linked device.
    struct Device: Decodable, Sendable {
        let jid: String
        let lid: String
        /// Whether it is online.
        let active: Bool
        /// Stanzas that it has not acknowledged.
        let pending: Int
    }

    private struct Announcement: Decodable {
        let port: Int
        let control_port: Int
        let root: String
    }

    /// The number of the account that bots are linked to.
    static let bot = "15550000000"

    /// Where clients connect.
    let port: Int
    /// The key that it proves itself with, hexadecimal.
    let root: String
    private let control: String
    private let process: ChildProcess
    private let client: HTTPClient

    /// Starts it and waits until it serves; it logs no stanzas.
    init(_ program: String, home: WorkFolder, client: HTTPClient) async throws {
        let output = home.file("emulator.log")
        process = try ChildProcess(
            program, ["web", "--lean"], environment: ["PATH": "/usr/bin:/bin"], output: output.path)
        let announcement = try await TextFile(output).line(of: process, within: .seconds(30)) { line in
            try? JSONDecoder().decode(Announcement.self, from: Data(line.utf8))
        }
        port = announcement.port
        root = announcement.root
        control = "http://127.0.0.1:\(announcement.control_port)/"
        self.client = client
    }

    /// Starts one, lets `body` use it, and ends it.
    static func running<Result: Sendable>(
        _ program: String, home: WorkFolder, client: HTTPClient, _ body: (EmulatedWeb) async throws -> Result
    ) async throws -> Result {
        let web = try await EmulatedWeb(program, home: home, client: client)
        do {
            let result = try await body(web)
            await web.stop()
            return result
        } catch {
            await web.stop()
            throw error
        }
    }

    func stop() async {
        process.signal(SIGKILL)
        _ = await process.waitForEnd()
    }

    /// The settings of a bot that connects to it and, paced as ever, has no need of breaks.
    var settings: [String: String] {
        [
            "WHATSAPP_WEB_URL": server, "WHATSAPP_WEB_ROOT": root, "WHATSAPP_WEB_CHAT_PACE_MILLISECONDS": "1",
            "WHATSAPP_WEB_CHAT_BURST": "1000", "WHATSAPP_WEB_PACE_MILLISECONDS": "1", "WHATSAPP_WEB_BURST": "10000",
        ]
    }

    var server: String { "ws://127.0.0.1:\(port)/ws/chat" }

    // MARK: - Phones

    /// Lets the phone of `account` scan the text of a QR code.
    func scan(_ qr: String, as account: String) async throws {
        try await post("qr/scan", ["qr": qr, "account": account])
    }

    /// Makes accounts with phones, numbered from `first`.
    func makeAccounts(from first: Int, count: Int) async throws {
        try await post("accounts", ["first": "\(first)", "count": "\(count)"])
    }

    /// Sends a text from the phone of `account`.
    func send(_ text: String, from account: String, to chat: String) async throws {
        try await post("phone/send", ["account": account, "to": chat, "text": text])
    }

    /// Sends an image from the phone of `account`, encrypted on the media host.
    /// - Returns: the message's id.
    func send(_ image: [UInt8], caption: String, from account: String, to chat: String) async throws -> String {
        struct Sent: Decodable { let id: String }
        let data = try await post(
            "phone/send",
            [
                "account": account, "to": chat, "image_base64": Data(image).base64EncodedString(),
                "mimetype": DotPicture.mimeType, "caption": caption,
            ])
        return try JSONDecoder().decode(Sent.self, from: data).id
    }

    /// Makes a group.
    /// - Returns: its address.
    func makeGroup(of account: String, with others: [String]) async throws -> String {
        struct Call: Encodable {
            let account: String
            let subject: String
            let participants: [String]
        }
        struct Group: Decodable { let jid: String }
        let data = try await post("phone/group", Call(account: account, subject: "Family", participants: others))
        return try JSONDecoder().decode(Group.self, from: data).jid
    }

    /// The texts that phones read of others after the one numbered `since`, and the number of the last.
    func texts(since: Int) async throws -> (texts: [Text], last: Int) {
        struct Listing: Decodable {
            let last: Int
            let texts: [Text]
        }
        let listing = try await get(Listing.self, "texts?since=\(since)")
        return (listing.texts, listing.last)
    }

    // MARK: - Servers

    func counters() async throws -> Counters { try await get(Counters.self, "counters") }
    func devices() async throws -> [Device] { try await get([Device].self, "devices") }

    /// Whether a linked device of the account is online.
    func isOnline(_ account: String) async throws -> Bool {
        try await devices().contains { $0.active && $0.jid.hasPrefix("\(account):") }
    }

    /// Waits until as many linked devices as `count` are online.
    func waitUntilOnline(_ count: Int = 1, within limit: Duration = .seconds(60)) async throws {
        let start = ContinuousClock.now
        while try await devices().count(where: \.active) != count {
            guard .now - start < limit else {
                throw BenchmarkFailure("there were not \(count) devices online within \(limit)")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Ends a device's connection, with a code of a stream error or without a word.
    func drop(_ device: Device, code: String?) async throws {
        try await post("drop", ["jid": device.jid].merging(code.map { ["code": $0] } ?? [:]) { $1 })
    }

    /// The linked device of the account.
    func device(of account: String) async throws -> Device {
        guard let device = try await devices().first(where: { $0.jid.hasPrefix("\(account):") }) else {
            throw BenchmarkFailure("no device of \(account) is linked")
        }
        return device
    }

    /// What a device did wrong, in words: keys that it used twice, messages of it that a phone could not read. Others
    /// have faults of their own: whatsmeow uses keys twice when many messages are on their way.
    func faults(of device: Device) async throws -> (reused: [String], unreadable: [String]) {
        let unreadable = try await notes(with: "could NOT decrypt")
        return (
            // Whom it was sent to stands there as well.
            try await notes(with: "KEY REUSED by \(device.jid) "),
            unreadable.filter { $0.contains(device.jid) || $0.contains(device.lid) }
        )
    }

    /// The notes in which `text` stands.
    func notes(with text: String) async throws -> [String] {
        struct Entry: Decodable { let text: String }
        let query = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
        return try await get([Entry].self, "log?match=\(query)").map(\.text)
    }

    @discardableResult
    private func post(_ path: String, _ body: some Encodable & Sendable) async throws -> Data {
        var request = HTTPClientRequest(url: control + path)
        request.method = .POST
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
        return try await execute(request)
    }

    private func get<Answer: Decodable>(_ type: Answer.Type, _ path: String) async throws -> Answer {
        try JSONDecoder().decode(type, from: try await execute(HTTPClientRequest(url: control + path)))
    }

    private func execute(_ request: HTTPClientRequest) async throws -> Data {
        let response = try await client.execute(request, timeout: .seconds(60))
        let body = Data(try await response.body.collect(upTo: 1 << 30).readableBytesView)
        guard response.status == .ok else {
            throw BenchmarkFailure("the emulator refuses \(request.url): \(String(decoding: body, as: UTF8.self))")
        }
        return body
    }
}
