import Foundation

/// Kills a real `martlet` at random moments under load, starts it again on the same data, and counts the answers.
struct CrashTest: Sendable {
    let program: String
    /// The path of `whatsapp-emulator`.
    let emulator: String
    let runs: Int
    let chats: Int
    let seed: UInt64
    /// Whether the Graph API tells what it took.
    let hasStatuses: Bool
    let folder: String?

    /// Replies that are on their way get so long before one is called missing, as long as none arrives.
    private static let patience = Duration.seconds(60)
    private static let lostAnswerSeconds = 2

    /// - Returns: whether all is as it must be; figures and violations are printed.
    func run() async throws -> Bool {
        let home = try WorkFolder("crash", in: folder)
        let port = try LocalPort.free()
        return try await WebhookSender.using(connections: 2 * chats) { sender in
            let load = CrashLoad(
                url: "http://127.0.0.1:\(port.number)/webhook/cloud", chats: chats, seed: seed, sender: sender)
            let graph = try await EmulatedGraph(
                emulator, webhook: hasStatuses ? load.url : nil, home: home, client: sender.client)
            do {
                try await graph.repeatStatuses()
                let model = CrashModel()
                let cuts = try await play(load, graph, model, home, port)
                let verdict = CrashVerdict(load.questions, replies: try await graph.replies(), cuts: cuts)
                let store = try await CrashStore(MartletServer.database(in: home))
                let isGood = report(load.questions.count, verdict, model, store, try await graph.refusals())
                await graph.stop()
                return isGood
            } catch {
                await graph.stop()
                throw error
            }
        }
    }

    /// Kills the bot `runs` times, then lets it finish.
    /// - Returns: when it was killed.
    private func play(
        _ load: CrashLoad, _ graph: EmulatedGraph, _ model: CrashModel, _ home: WorkFolder, _ port: LocalPort
    ) async throws -> [Date] {
        let model = try model.serve(seed: seed)
        let setup = MartletServer.Setup(
            program: program, graphPort: graph.port.number, modelPort: model.port,
            settings: [
                "CLOUD_NUMBERS": SignedWebhook.secondNumber.phoneNumberID,
                "CLOUD_LOST_ANSWER_SECONDS": "\(Self.lostAnswerSeconds)", "CLOUD_ORDER_WAIT_MILLISECONDS": "1000",
            ].merging(MartletServer.Setup.amongCrashes) { $1 })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await load.run(graph) }
            var cuts: [Date] = []
            try await MartletServer.cutAgainAndAgain(setup, home: home, port: port, times: runs, seed: seed) {
                cuts.append(Date())
            }
            let server = try MartletServer(setup, home: home, port: port)
            do {
                try await server.waitUntilReady()
                load.end()
                try await group.waitForAll()
                try await waitForAnswers(to: load.questions, graph)
                // A reply that is to be sent again would come now.
                try await Task.sleep(for: .seconds(2 * Self.lostAnswerSeconds))
                try await server.stop()
            } catch {
                await server.cut()
                throw error
            }
            return cuts
        }
    }

    /// Waits until each question is answered, or nothing has come for long.
    private func waitForAnswers(to questions: [CrashQuestion], _ graph: EmulatedGraph) async throws {
        var missing = Set(questions)
        var newest = 0
        var last = ContinuousClock.now
        while !missing.isEmpty, .now - last < Self.patience {
            for reply in try await graph.replies(after: newest) {
                newest = reply.sequence
                last = .now
                missing.subtract(reply.questions)
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    private func report(
        _ questions: Int, _ verdict: CrashVerdict, _ model: CrashModel, _ store: CrashStore, _ refused: Int
    ) -> Bool {
        Figure("crash_runs", runs).print()
        Figure("crash_messages", questions).print()
        Figure("crash_missing", verdict.missing.count).print()
        Figure("crash_duplicates", verdict.duplicates.count).print()
        Figure("crash_misplaced", verdict.misplaced.count).print()
        Figure("crash_repeats", verdict.repeats).print()
        verdict.images.report(as: "crash", begunAgain: model.askedAgain)
        Figure("crash_seed", Int(truncatingIfNeeded: seed), "seed").print()
        verdict.missing.note(as: "missing")
        verdict.duplicates.note(as: "duplicate")
        verdict.misplaced.note(as: "misplaced")
        var problems = store.problems
        if verdict.otherTexts > 0 { problems.append("\(verdict.otherTexts) texts answer no question") }
        if refused > 0 { problems.append("the Graph API refused \(refused) calls") }
        for problem in problems { note(problem) }
        return verdict.missing.isEmpty && verdict.duplicates.isEmpty && verdict.misplaced.isEmpty
            && verdict.images.isGood && problems.isEmpty
    }
}
