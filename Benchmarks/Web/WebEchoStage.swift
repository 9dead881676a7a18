import Foundation

/// The client library against whatsmeow, by turns on the same emulator: each sends every text back.
struct WebEchoStage: Stage {
    let bench: BenchSetup
    let figures = [
        "web_echo_messages_per_second", "web_cpu_ms_per_echo", "whatsmeow_echo_messages_per_second",
        "whatsmeow_cpu_ms_per_echo", "web_cpu_per_echo_ratio_vs_whatsmeow", "web_rss_echo_mb", "whatsmeow_rss_echo_mb",
    ]

    private static let whatsmeowNumber = "15550300000"
    private static let atOnce = 20

    /// What the rounds of one of the two took.
    private struct Tally {
        let number: String
        let pid: pid_t
        var messages = 0
        var processorMilliseconds = 0.0
        var seconds = 0.0

        init(number: String, pid: pid_t) {
            self.number = number
            self.pid = pid
        }

        var perSecond: Double { Double(messages) / seconds }
        var perMessage: Double { processorMilliseconds / Double(messages) }
    }

    func run() async throws -> [Figure] {
        let home = try bench.makeFolder("web-echo")
        return try await WebhookSender.using(connections: 2 * Self.atOnce) { sender in
            try await EmulatedWeb.running(bench.emulator, home: home, client: sender.client) { web in
                let echo = try await link(web, home)
                do {
                    let figures = try await compare(echo, web, home)
                    await end(echo)
                    return figures
                } catch {
                    await end(echo)
                    throw error
                }
            }
        }
    }

    private func end(_ process: ChildProcess) async {
        process.signal(SIGKILL)
        _ = await process.waitForEnd()
    }

    /// Starts the client library in a process of its own, and links it.
    private func link(_ web: EmulatedWeb, _ home: WorkFolder) async throws -> ChildProcess {
        let output = home.file("echo.log")
        let process = try ChildProcess(
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            ["web-echo", "--home", home.url.path, "--server", web.server, "--root", web.root],
            environment: ["PATH": "/usr/bin:/bin", "MALLOC_ARENA_MAX": "2"], output: output.path)
        let code = try await TextFile(output).line(of: process, within: .seconds(60)) { line in
            line.contains("2@") ? line : nil
        }
        try await web.scan(code, as: EmulatedWeb.bot)
        try await web.waitUntilOnline()
        return process
    }

    private func compare(_ echo: ChildProcess, _ web: EmulatedWeb, _ home: WorkFolder) async throws -> [Figure] {
        guard let source = bench.whatsmeow else {
            note("whatsmeow_…: no --python, so there is nothing to compare with")
            return try await measure([Tally(number: EmulatedWeb.bot, pid: echo.pid)], web)
        }
        let peer = try await WhatsmeowProcess(
            source, web: web, home: home, number: Self.whatsmeowNumber, echoes: true)
        do {
            let figures = try await measure(
                [
                    Tally(number: EmulatedWeb.bot, pid: echo.pid),
                    Tally(number: Self.whatsmeowNumber, pid: peer.process.pid),
                ], web)
            await peer.stop()
            return figures
        } catch {
            await peer.stop()
            throw error
        }
    }

    private func measure(_ sides: [Tally], _ web: EmulatedWeb) async throws -> [Figure] {
        let rounds = bench.count(8, quick: 2)
        let size = bench.count(1_000, quick: 200)
        var load = WebLoad(web: web, ledger: TurnLedger(capacity: (rounds + 1) * sides.count * size))
        load.members = 100
        try await load.prepare()
        var sides = sides
        var next = 0
        for round in 0...rounds {
            for side in sides.indices {
                let range = next..<next + size
                next += size
                let before = try ProcessUse(of: sides[side].pid)
                try await load.saturate(range, to: sides[side].number, atOnce: Self.atOnce, within: .seconds(300))
                let after = try ProcessUse(of: sides[side].pid)
                _ = try load.ledger.times(range)
                // The first round makes the sessions.
                guard round > 0 else { continue }
                sides[side].messages += size
                sides[side].processorMilliseconds += after.processorMilliseconds(since: before)
                sides[side].seconds += load.ledger.span(range).inSeconds
            }
        }
        let counters = try await web.counters()
        guard counters.unreadable == 0, counters.reused == 0 else {
            throw BenchmarkFailure(
                "\(counters.unreadable) echoes could not be read, \(counters.reused) keys came twice")
        }
        return try self.figures(of: sides)
    }

    private func figures(of sides: [Tally]) throws -> [Figure] {
        var figures: [Figure] = []
        for (side, name) in zip(sides, ["web", "whatsmeow"]) {
            figures += [
                Figure("\(name)_echo_messages_per_second", side.perSecond, "1/s", digits: 0),
                Figure("\(name)_cpu_ms_per_echo", side.perMessage, "ms", digits: 2),
                Figure("\(name)_rss_echo_mb", try ProcessUse(of: side.pid).residentMB, "MB"),
            ]
        }
        guard sides.count == 2 else { return figures }
        let ratio = sides[0].perMessage / sides[1].perMessage
        return figures + [Figure("web_cpu_per_echo_ratio_vs_whatsmeow", ratio, "ratio", digits: 2)]
    }
}
