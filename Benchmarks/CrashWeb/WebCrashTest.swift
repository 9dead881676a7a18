import Foundation

/// Kills a real `martlet` with a linked account at random moments under load, starts it again on the same data, and
/// counts the answers.
struct WebCrashTest: Sendable {
    let program: String
    /// The path of `whatsapp-emulator`.
    let emulator: String
    /// Nil for phones alone.
    let whatsmeow: WhatsmeowProcess.Source?
    let runs: Int
    let chats: Int
    let groups: Int
    let seed: UInt64
    let folder: String?

    /// Answers that are on their way get so long before one is called missing, as long as none arrives.
    private static let patience = Duration.seconds(60)
    /// How long an answer may take to come a second time.
    private static let echo = Duration.seconds(3)

    /// - Returns: whether all is as it must be; figures and violations are printed.
    func run() async throws -> Bool {
        let home = try WorkFolder("crash-web", in: folder)
        return try await WebhookSender.using(connections: 64) { sender in
            try await EmulatedWeb.running(emulator, home: home, client: sender.client) { web in
                if whatsmeow == nil { note("no --python: no real whatsmeow client takes part") }
                try await web.makeAccounts(from: 15_550_300_000, count: 1)
                var guest: WhatsmeowProcess?
                if let whatsmeow {
                    guest = try await WhatsmeowProcess(
                        whatsmeow, web: web, home: home, number: WebCrashChat.whatsmeowNumber)
                }
                do {
                    let isGood = try await run(web, guest, home)
                    await guest?.stop()
                    return isGood
                } catch {
                    await guest?.stop()
                    throw error
                }
            }
        }
    }

    private func run(_ web: EmulatedWeb, _ guest: WhatsmeowProcess?, _ home: WorkFolder) async throws -> Bool {
        let model = CrashModel()
        let stub = try model.serve(seed: seed)
        let setup = MartletServer.Setup(
            program: program, web: web, modelPort: stub.port, settings: MartletServer.Setup.amongCrashes)
        try await WebLinking(setup: setup, web: web, home: home).link()
        let bot = try await web.device(of: EmulatedWeb.bot)
        let chats = try await WebCrashChat.make(
            direct: chats, groups: groups, hasWhatsmeow: guest != nil, in: web)
        let load = WebCrashLoad(chats, web: web, whatsmeow: guest, seed: seed)
        let members = WebCrashMembers(web: web, whatsmeow: guest, bot: bot)
        let cuts = try await play(load, members, setup, home)
        let verdict = verdict(load, try await members.replies())
        let store = try await CrashStore(MartletServer.database(in: home))
        Figure("crash_web_runs", runs).print()
        Figure("crash_web_runs_online", cuts).print()
        return try await report(load.questions.count, verdict, model, store, members)
    }

    private func verdict(_ load: WebCrashLoad, _ replies: [WebCrashReply]) -> WebCrashVerdict {
        WebCrashVerdict(load.questions, images: load.images, in: load.chats, replies: replies)
    }

    /// Kills the bot `runs` times, then lets it finish.
    /// - Returns: how often it was online when it was killed.
    private func play(
        _ load: WebCrashLoad, _ members: WebCrashMembers, _ setup: MartletServer.Setup, _ home: WorkFolder
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await load.run() }
            var onlineCuts = 0
            try await MartletServer.cutAgainAndAgain(setup, home: home, times: runs, seed: seed) {
                if try await members.web.isOnline(EmulatedWeb.bot) { onlineCuts += 1 }
            }
            let server = try MartletServer(setup, home: home)
            do {
                try await server.waitUntilReady()
                load.end()
                try await group.waitForAll()
                try await waitForAnswers(to: load, members)
                try await Task.sleep(for: Self.echo)
                try await server.stop()
            } catch {
                load.end()
                await server.cut()
                throw error
            }
            return onlineCuts
        }
    }

    /// Waits until each question is answered, or nothing has come for long.
    private func waitForAnswers(to load: WebCrashLoad, _ members: WebCrashMembers) async throws {
        var count = 0
        var last = ContinuousClock.now
        while ContinuousClock.now - last < Self.patience {
            let replies = try await members.replies()
            if verdict(load, replies).missing.isEmpty { return }
            if replies.count > count { last = .now }
            count = replies.count
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private func report(
        _ questions: Int, _ verdict: WebCrashVerdict, _ model: CrashModel, _ store: CrashStore,
        _ members: WebCrashMembers
    ) async throws -> Bool {
        let counters = try await members.web.counters()
        let faults = try await members.web.faults(of: members.bot)
        Figure("crash_web_messages", questions).print()
        Figure("crash_web_missing", verdict.missing.count).print()
        Figure("crash_web_duplicates", verdict.duplicates.count).print()
        Figure("crash_web_misplaced", verdict.misplaced.count).print()
        Figure("crash_web_undecryptable", faults.unreadable.count).print()
        Figure("crash_web_ciphertexts", counters.seen).print()
        Figure("crash_web_keys_reused", faults.reused.count).print()
        Figure("crash_web_repeats", try await members.web.notes(with: "came before").count).print()
        verdict.images.report(as: "crash_web", begunAgain: model.askedAgain)
        Figure("crash_web_whatsmeow_retries", await members.retriesOfWhatsmeow()).print()
        Figure("crash_web_seed", Int(truncatingIfNeeded: seed), "seed").print()
        verdict.missing.note(as: "missing")
        verdict.duplicates.note(as: "duplicate")
        verdict.misplaced.note(as: "misplaced")
        var problems = store.problems
        problems += verdict.otherTexts.map { "answers no question: \($0)" }
        problems += try await faults.reused + faults.unreadable + members.web.notes(with: "REFUSED")
        for problem in problems.prefix(100) { note(problem) }
        return verdict.missing.isEmpty && verdict.duplicates.isEmpty && verdict.misplaced.isEmpty
            && verdict.images.isGood && problems.isEmpty
    }
}
