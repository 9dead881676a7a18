import Foundation
import Synchronization
import TestKit
import Testing

@testable import WhatsAppEmulator

/// A bot that runs, as `martlet run` does, linked to emulated servers, and Dana, who writes to it with a real whatsmeow
/// client.
final class BotMeeting: Sendable {
    static let bot = EmulatedPhones.bot
    static let dana = EmulatedPhones.dana
    static let noa = "15550000003"

    let phones: EmulatedPhones
    let model: ModelStub
    let home: TemporaryFolder
    /// The keys of the servers and of the whatsmeow clients.
    let folder: URL
    private let environment: [String: String]
    private let state: Mutex<State>

    private struct State {
        var bot: MartletProcess
        var dana: WhatsmeowPeer
        var damaged: Set<String> = []
        var unreadable: [String] = []
    }

    var bot: MartletProcess { state.withLock { $0.bot } }
    var dana: WhatsmeowPeer { state.withLock { $0.dana } }
    /// The messages that were damaged on purpose, by id.
    var damaged: Set<String> { state.withLock { $0.damaged } }
    /// The ids of the messages that Dana's client could not read.
    var unreadable: [String] { state.withLock { $0.unreadable + $0.dana.unreadable } }

    private init(
        _ phones: EmulatedPhones, _ model: ModelStub, _ home: TemporaryFolder, _ folder: URL,
        _ environment: [String: String], dana: WhatsmeowPeer
    ) throws {
        self.phones = phones
        self.model = model
        self.home = home
        self.folder = folder
        self.environment = environment
        let bot = try MartletProcess(["run"], home: home, environment: environment)
        state = Mutex(State(bot: bot, dana: dana))
    }

    /// Starts all of it, links the bot and Dana's client, and ends it after.
    static func open(_ body: @Sendable (BotMeeting) async throws -> Void) async throws {
        let memory = URL(filePath: "/dev/shm")
        let folder = (FileManager.default.fileExists(atPath: memory.path) ? memory : .temporaryDirectory)
            .appending(path: "bot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let phones = try await EmulatedPhones.start(keepingKeysIn: folder)
        for (number, name) in [(dana, "Dana"), (noa, "Noa")] {
            try await phones.post("/account", ["number": .string(number), "name": .string(name)])
        }
        try await WhatsmeowPeer.prepare(folder, port: phones.port, root: phones.root)
        let client = try WhatsmeowPeer("dana", in: folder)
        try await phones.scan(try await client.wait("qr").text ?? "", as: dana)
        try await client.wait("online")
        let home = try TemporaryFolder()
        let link = try MartletProcess(["link", "--plain"], home: home, environment: phones.environment)
        try await phones.scan(try await link.code())
        #expect(try await link.exitStatus() == 0, "\(link.errors)")
        try await ModelStub.serving { model, settings in
            let environment = phones.environment.merging(settings) { $1 }
                .merging(["WHATSAPP_WEB_CHAT_PACE_MILLISECONDS": "0", "STILL_WORKING_SECONDS": "5"]) { $1 }
            let meeting = try BotMeeting(phones, model, home, folder, environment, dana: client)
            do { try await body(meeting) } catch {
                let log = try await phones.control.log("").suffix(200)
                print("THE SERVER", log.joined(separator: "\n"), "THE BOT", meeting.bot.errors, separator: "\n")
                throw error
            }
        }
    }

    // MARK: - Talking

    /// Dana writes.
    /// - Returns: the message's id.
    @discardableResult
    func write(_ text: String, to chat: String = bot) async throws -> String {
        try await dana.perform("text", ["to": chat, "text": text])
    }

    /// The bot's answer to one of Dana's messages, which it quotes.
    @discardableResult
    func answer(to id: String) async throws -> WhatsmeowPeer.Event {
        try await dana.wait("message") { $0.quoted == id }
    }

    /// Dana asks, and is answered.
    @discardableResult
    func ask(_ text: String, in chat: String = bot) async throws -> WhatsmeowPeer.Event {
        let id = try await write(text, to: chat)
        let answer = try await answer(to: id)
        #expect(answer.text == "echo: \(text)")
        return answer
    }

    func until(_ what: String, _ condition: () async throws -> Bool) async throws {
        _ = try await eventually(what) { try await condition() ? true : nil }
    }

    func noteDamaged(_ id: String) { state.withLock { _ = $0.damaged.insert(id) } }

    /// The address of somebody's linked device.
    static func device(of number: String, _ device: Int = 1) -> EmulatorJSON {
        .string("\(number):\(device)@s.whatsapp.net")
    }

    // MARK: - Going and coming

    /// The bot is stopped as an operator does.
    func stopBot() async throws {
        bot.signal(SIGTERM)
        #expect(try await bot.exitStatus() == 0)
    }

    func startBot() throws {
        let process = try MartletProcess(["run"], home: home, environment: environment)
        state.withLock { $0.bot = process }
    }

    func stopDana() async throws {
        dana.stop()
        try await until("dana to go") {
            try await phones.get("/devices").items?.allSatisfy {
                $0["jid"]?.text?.hasPrefix("\(Self.dana):") != true || $0["connected"]?.flag != true
            } == true
        }
    }

    func startDana() throws {
        let client = try WhatsmeowPeer("dana", in: folder)
        state.withLock { state in
            state.unreadable += state.dana.unreadable
            state.dana = client
        }
    }
}
