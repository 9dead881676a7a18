import Foundation

/// A bot with a linked account under a steady load for long, with a connection that breaks again and again.
struct SoakTest: Sendable {
    let program: String
    /// The path of `whatsapp-emulator`.
    let emulator: String
    /// How long, beside the warm-up.
    let seconds: Double
    let perSecond: Int
    let seed: UInt64
    let folder: String?

    /// Memory may end so much higher than it began, by the line through all samples; less is noise.
    private static let toleratedGrowthMB = 5.0
    /// The same for open files: idle connections to the model come and go.
    private static let toleratedDescriptors = 10

    private var warmUp: Double { min(300, seconds / 5) }
    private var messages: Int { Int((warmUp + seconds) * Double(perSecond)) }

    /// - Returns: whether all is as it must be; figures are printed.
    func run() async throws -> Bool {
        let home = try WorkFolder("soak", in: folder)
        return try await WebhookSender.using(connections: 16) { sender in
            try await EmulatedWeb.running(emulator, home: home, client: sender.client) { web in
                let load = WebLoad(web: web, ledger: TurnLedger(capacity: messages))
                try await load.prepare()
                let model = try ModelStub(marks: { body in Token.last(in: body).map { [$0] } ?? [] })
                let setup = MartletServer.Setup(program: program, web: web, modelPort: model.port)
                try await WebLinking(setup: setup, web: web, home: home).link()
                return try await MartletServer.running(setup, home: home) { server in
                    try await web.waitUntilOnline()
                    return try await soak(server, load)
                }
            }
        }
    }

    private func soak(_ server: MartletServer, _ load: WebLoad) async throws -> Bool {
        let start = ContinuousClock.now
        async let cuts = breakConnections(load.web, from: start)
        async let samples = watch(server, from: start)
        do {
            // What falls into the last cut is answered after it.
            try await load.pace(
                0..<messages, to: EmulatedWeb.bot, perSecond: perSecond, within: .seconds(warmUp + seconds + 90))
        } catch let failure as BenchmarkFailure {
            note(failure.description)
        }
        return try await report(cuts: cuts, samples, load)
    }

    /// Ends the bot's connection every 5 to 45 seconds, in one of several ways.
    /// - Returns: how often.
    private func breakConnections(_ web: EmulatedWeb, from start: ContinuousClock.Instant) async throws -> Int {
        var random = SeededRandom(seed: seed)
        var cuts = 0
        while true {
            try await Task.sleep(for: random.milliseconds(5_000...45_000))
            // The end of the load is left in peace, so that a missing answer is none that only waits.
            guard (.now - start).inSeconds < warmUp + seconds - 5 else { return cuts }
            guard let bot = try await web.devices().first(where: \.active) else { continue }
            // Without a word, a server that is overloaded, and one that wants a new login.
            try await web.drop(bot, code: [nil, nil, "503", "515"].randomElement(using: &random) ?? nil)
            cuts += 1
        }
    }

    private func watch(_ server: MartletServer, from start: ContinuousClock.Instant) async throws -> SoakSamples {
        var samples = SoakSamples()
        while (.now - start).inSeconds < warmUp + seconds {
            try samples.add(server.process.pid, at: (.now - start).inSeconds)
            try await Task.sleep(for: .seconds(1))
        }
        return samples.dropping(before: warmUp)
    }

    private func report(cuts: Int, _ samples: SoakSamples, _ load: WebLoad) async throws -> Bool {
        let counters = try await load.web.counters()
        let (missing, repeats) = load.ledger.faults(0..<messages)
        Figure("soak_minutes", samples.seconds / 60, "min").print()
        Figure("soak_messages", messages).print()
        Figure("soak_missing", missing).print()
        Figure("soak_duplicates", repeats).print()
        Figure("soak_undecryptable", counters.unreadable).print()
        Figure("soak_keys_reused", counters.reused).print()
        Figure("soak_reconnects", cuts).print()
        Figure("soak_rss_first_mb", samples.firstMB, "MB").print()
        Figure("soak_rss_last_mb", samples.lastMB, "MB").print()
        Figure("soak_rss_slope_mb_per_hour", samples.megabytesPerSecond * 3_600, "MB/h", digits: 2).print()
        Figure("soak_descriptors_first", samples.firstDescriptors).print()
        Figure("soak_descriptors_last", samples.lastDescriptors).print()
        Figure("soak_seed", Int(truncatingIfNeeded: seed), "seed").print()
        let growth = samples.megabytesPerSecond * samples.seconds
        if growth > Self.toleratedGrowthMB { note("memory grew by \(Int(growth.rounded(.up))) MB") }
        let descriptors = samples.lastDescriptors - samples.firstDescriptors
        if descriptors > Self.toleratedDescriptors { note("\(descriptors) more files are open than at first") }
        return missing + repeats + counters.unreadable + counters.reused == 0 && growth <= Self.toleratedGrowthMB
            && descriptors <= Self.toleratedDescriptors
    }
}
