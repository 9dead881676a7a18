/// The whole bot with a linked account: how fast it is there, what a turn costs, how much memory it takes.
struct WebBotStage: Stage {
    let bench: BenchSetup
    let figures = [
        "web_link_to_first_answer_ms", "web_start_to_online_ms", "web_rss_idle_mb", "web_private_dirty_idle_mb",
        "web_bot_messages_per_second", "web_bot_cpu_ms_per_echo", "web_rss_after_20k_messages_mb",
    ]

    private static let atOnce = 50

    func run() async throws -> [Figure] {
        let home = try bench.makeFolder("web-bot")
        return try await WebhookSender.using(connections: 2 * Self.atOnce) { sender in
            try await EmulatedWeb.running(bench.emulator, home: home, client: sender.client) { web in
                let questions = bench.count(20_000, quick: 2_000)
                let load = WebLoad(web: web, ledger: TurnLedger(capacity: questions + 1))
                try await load.prepare()
                let model = try ModelStub(marks: { body in Token.last(in: body).map { [$0] } ?? [] })
                let setup = MartletServer.Setup(
                    program: bench.program, web: web, modelPort: model.port, settings: bench.settings)
                let first = try await linkToFirstAnswer(setup, load, home, question: questions)
                let online = try await startToOnline(setup, web, home)
                return [
                    Figure("web_link_to_first_answer_ms", first.inMilliseconds, "ms", digits: 0),
                    Figure("web_start_to_online_ms", online.percentile(0.5), "ms", digits: 0),
                ] + (try await turns(setup, load, home, count: questions))
            }
        }
    }

    /// From the start of `martlet link`, with a phone that scans at once, to the answer of the bot that was started
    /// then.
    private func linkToFirstAnswer(
        _ setup: MartletServer.Setup, _ load: WebLoad, _ home: WorkFolder, question: Int
    ) async throws -> Duration {
        let start = ContinuousClock.now
        try await WebLinking(setup: setup, web: load.web, home: home).link()
        return try await MartletServer.running(setup, home: home) { _ in
            try await load.saturate(
                question..<question + 1, to: EmulatedWeb.bot, atOnce: 1, within: .seconds(60))
            return .now - start
        }
    }

    private func startToOnline(
        _ setup: MartletServer.Setup, _ web: EmulatedWeb, _ home: WorkFolder
    ) async throws -> [Double] {
        var times: [Double] = []
        for _ in 0..<5 {
            try await web.waitUntilOnline(0)
            let start = ContinuousClock.now
            let server = try MartletServer(setup, home: home)
            do {
                try await web.waitUntilOnline()
                times.append((.now - start).inMilliseconds)
                try await server.waitUntilReady()
                try await server.stop()
            } catch {
                await server.cut()
                throw error
            }
        }
        return times
    }

    private func turns(
        _ setup: MartletServer.Setup, _ load: WebLoad, _ home: WorkFolder, count: Int
    ) async throws -> [Figure] {
        try await MartletServer.running(setup, home: home) { server in
            try await load.web.waitUntilOnline()
            try await Task.sleep(for: .seconds(bench.count(4, quick: 1)))
            let idle = try ProcessUse(of: server.process.pid)
            try await load.saturate(0..<count, to: EmulatedWeb.bot, atOnce: Self.atOnce, within: .seconds(900))
            _ = try load.ledger.times(0..<count)
            try await Task.sleep(for: .seconds(1))
            let after = try ProcessUse(of: server.process.pid)
            return [
                Figure("web_rss_idle_mb", idle.residentMB, "MB"),
                Figure("web_private_dirty_idle_mb", idle.privateDirtyMB, "MB"),
                Figure(
                    "web_bot_messages_per_second", Double(count) / load.ledger.span(0..<count).inSeconds, "1/s",
                    digits: 0),
                Figure(
                    "web_bot_cpu_ms_per_echo", after.processorMilliseconds(since: idle) / Double(count), "ms",
                    digits: 2),
                Figure("web_rss_after_20k_messages_mb", after.residentMB, "MB"),
            ]
        }
    }
}
