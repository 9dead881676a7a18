import Foundation

/// A real whatsmeow client, the Go library by others, in a process of its own; see Tests/Interop/whatsmeow_peer.py.
actor WhatsmeowProcess {
    /// Where it comes from.
    struct Source: Sendable {
        /// A Python with neonize, which has whatsmeow inside.
        let python: String
        /// The folder of its scripts.
        let scripts: String
    }

    /// What it tells, as far as it matters here.
    struct Event: Decodable, Sendable {
        let event: String
        let n: Int?
        let error: String?
        let id: String?
        let chat: String?
        let sender: String?
        let text: String?
        let own: Bool?
        /// The message that it quotes.
        let quoted: String?
    }

    nonisolated let process: ChildProcess
    private var file: TextFile
    private(set) var events: [Event] = []
    private var commands = 0

    /// Starts a client that trusts `web`, and links it to the phone with `number`.
    /// - Parameter echoes: whether it does nothing but send texts back.
    init(_ source: Source, web: EmulatedWeb, home: WorkFolder, number: String, echoes: Bool = false) async throws {
        let folder = home.url.appending(path: "whatsmeow-\(number)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let log = home.file("whatsmeow-\(number).log").path
        let patch = try ChildProcess(
            source.python, ["\(source.scripts)/whatsmeow_patch.py", folder.path, "\(web.port)", web.root],
            environment: ["PATH": "/usr/bin:/bin"], output: log)
        let end = await patch.waitForEnd()
        guard end == .exit(0) else { throw BenchmarkFailure("neonize cannot be prepared by \(source.python): \(end)") }
        let output = home.file("whatsmeow-\(number).events")
        process = try ChildProcess(
            source.python,
            ["\(source.scripts)/whatsmeow_peer.py", folder.appending(path: "keys.sqlite3").path]
                + (echoes ? ["--echo"] : []),
            environment: ["PATH": "/usr/bin:/bin", "PYTHONPATH": folder.path, "PYTHONDONTWRITEBYTECODE": "1"],
            output: output.path, errors: log, hasInput: true)
        file = TextFile(output)
        struct Code: Decodable {
            let event: String
            let text: String
        }
        let qr = try await TextFile(output).line(of: process, within: .seconds(60)) { line -> String? in
            let code = try? JSONDecoder().decode(Code.self, from: Data(line.utf8))
            return code?.event == "qr" ? code?.text : nil
        }
        try await web.scan(qr, as: number)
        try await wait("online") { $0.event == "online" }
    }

    /// Ends the process, as a machine that is switched off.
    nonisolated func stop() async {
        process.signal(SIGKILL)
        _ = await process.waitForEnd()
    }

    /// Sends a text, and waits until the server has it.
    func send(_ text: String, to chat: String) async throws {
        struct Command: Encodable {
            let `do` = "text"
            let n: Int
            let to: String
            let text: String
        }
        commands += 1
        let number = commands
        try process.write([UInt8](JSONEncoder().encode(Command(n: number, to: chat, text: text))) + [10])
        let done = try await wait("done") { $0.event == "done" && $0.n == number }
        if let error = done.error { throw BenchmarkFailure("whatsmeow cannot send: \(error)") }
    }

    /// All that it told so far.
    func allEvents() -> [Event] {
        events += file.newLines().compactMap { try? JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
        return events
    }

    @discardableResult
    private func wait(_ what: String, _ fits: (Event) -> Bool) async throws -> Event {
        let start = ContinuousClock.now
        var seen = 0
        while true {
            let all = allEvents()
            if let found = all[seen...].first(where: fits) { return found }
            seen = all.count
            guard process.end == nil, .now - start < .seconds(60) else {
                throw BenchmarkFailure("whatsmeow did not tell of \(what)")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
