import Foundation
import TestKit

@testable import WhatsAppEmulator

/// The program `whatsapp-emulator web` with its control API: WhatsApp's servers and the phones.
final class EmulatedPhones: Sendable {
    /// The number that bots are linked to.
    static let bot = "15550000000"
    static let dana = "15550000001"

    private let process: MartletProcess
    let control: WebControlClient
    /// The port without TLS.
    let port: Int
    /// The key that the servers prove themselves with, hexadecimal.
    let root: String
    /// What points a bot to these servers; keeps its port free, and does not wait for more to be typed.
    let environment: [String: String]

    private init(_ process: MartletProcess, _ ready: EmulatorJSON, _ certificates: URL?) {
        self.process = process
        control = WebControlClient(port: ready["control_port"]?.whole ?? 0)
        port = ready["port"]?.whole ?? 0
        root = ready["root"]?.text ?? ""
        var environment = [
            "WHATSAPP_WEB_URL": "ws://127.0.0.1:\(port)/ws/chat", "WHATSAPP_WEB_ROOT": root, "HEALTH_PORT": "0",
            "SETTLE_MILLISECONDS": "0",
        ]
        if let certificates {
            environment["WHATSAPP_WEB_URL"] = "wss://localhost:\(ready["tls_port"]?.whole ?? 0)/ws/chat"
            environment["WHATSAPP_WEB_CA"] = certificates.path
        }
        self.environment = environment
    }

    /// Starts the program and waits until it serves; it ends with its owner.
    /// - Parameter keys: the folder for the servers' keys; then they speak TLS, and their certificate is `ca.pem` there.
    static func start(keepingKeysIn keys: URL? = nil) async throws -> EmulatedPhones {
        let process = try MartletProcess(
            ["web"] + (keys.map { ["--tls-port", "0", "--state", $0.path] } ?? []), program: "whatsapp-emulator",
            home: TemporaryFolder())
        let line = try await process.line { $0.contains(#""ready":true"#) }
        let ready = try EmulatorJSON.parse(Array(process.lines[line].utf8))
        return EmulatedPhones(process, ready, keys?.appending(path: "ca.pem"))
    }

    @discardableResult
    func post(_ path: String, _ values: EmulatorJSON) async throws -> EmulatorJSON {
        try await control.post(path, values)
    }

    func get(_ path: String) async throws -> EmulatorJSON { try await control.get(path) }

    /// The bot's phone scans a QR code.
    func scan(_ text: String, as number: String = bot, wrongly: Bool = false) async throws {
        try await post(
            "/qr/scan",
            ["qr": .string(text), "account": .string(number), "name": "Martlet", "wrong_hmac": .bool(wrongly)])
    }

    /// How many devices are linked.
    var deviceCount: Int {
        get async throws { try await get("/devices").items?.count ?? 0 }
    }

    /// A member writes to the bot.
    func write(_ text: String, from number: String = dana, to bot: String = bot) async throws {
        try await post("/account", ["number": .string(number), "name": "Dana"])
        try await post("/phone/send", ["account": .string(number), "to": .string(bot), "text": .string(text)])
    }

    /// Waits until a member's phone shows a text.
    func shows(_ text: String, at number: String = dana) async throws {
        _ = try await eventually("the phone shows \(text)") {
            try await control.texts(of: number).contains(text) ? true : nil
        }
    }
}

extension MartletProcess {
    /// Waits until `martlet link --plain` prints a code, and gives it.
    func code(after count: Int = 0) async throws -> String {
        let index = try await line(from: count) { !$0.isEmpty }
        return lines[index]
    }
}
