import BotCore
import BotKit
import Foundation
import StoreSQLite

/// Kills a process that does stored jobs at random moments until none is left, and counts what they left.
struct JobCrashTest: Sendable {
    let jobs: Int
    let seed: UInt64
    let folder: String?

    /// How long the last jobs may take.
    private static let patience = Duration.seconds(120)

    /// - Returns: whether each effect is there once; figures and violations are printed.
    func run() async throws -> Bool {
        let home = try WorkFolder("crash-jobs", in: folder)
        try await store(in: home)
        var options = SQLiteDatabase.Options()
        options.isOnlyInstance = false
        let store = try SQLiteDatabase.open(BareCore.database(in: home.url), options)
        do {
            let kills = try await killUntilDone(home, store)
            let isGood = try await report(kills, home, store)
            try await store.close()
            return isGood
        } catch {
            try await store.close()
            throw error
        }
    }

    private func store(in home: WorkFolder) async throws {
        let core = try await BareCore(home.url, CountedJobsFeature(ids: RowIDs()))
        let now = Date()
        let statements = try (0..<jobs).map {
            try CountedJobsFeature.enqueue($0, id: core.ids.next(at: now), at: now)
        }
        try await core.database.transaction([PlainJob.table] + statements)
        try await core.database.close()
    }

    /// - Returns: how often it was killed.
    private func killUntilDone(_ home: WorkFolder, _ store: SQLiteDatabase) async throws -> Int {
        var random = SeededRandom(seed: seed)
        var (kills, left) = (0, try await open(in: store))
        // What failed often waits long: the last ones are left in peace.
        while left > jobs / 100 {
            guard kills < jobs else { throw BenchmarkFailure("\(left) jobs are not done after \(kills) deaths") }
            let worker = try start(in: home)
            try await Task.sleep(for: random.milliseconds(50...600))
            if let end = worker.end { throw BenchmarkFailure("the worker ended by itself with \(end)") }
            await kill(worker)
            kills += 1
            left = try await open(in: store)
            if kills.isMultiple(of: 20) { note("killed \(kills) times, \(left) jobs are left") }
        }
        let (worker, start) = (try start(in: home), ContinuousClock.now)
        while try await open(in: store) > 0 {
            guard .now - start < Self.patience else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        await kill(worker)
        return kills
    }

    private func start(in home: WorkFolder) throws -> ChildProcess {
        try ChildProcess(
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            ["job-worker", "--folder", home.url.path], environment: ["PATH": "/usr/bin:/bin"],
            output: home.file("worker.log").path)
    }

    private func kill(_ worker: ChildProcess) async {
        worker.signal(SIGKILL)
        _ = await worker.waitForEnd()
    }

    /// How many jobs are not done.
    private func open(in store: SQLiteDatabase) async throws -> Int {
        Int(try await store.rows("SELECT COUNT(*) AS n FROM job WHERE state <> 'dead'")[0].int("n"))
    }

    // MARK: - What they left

    private func report(_ kills: Int, _ home: WorkFolder, _ store: SQLiteDatabase) async throws -> Bool {
        let expected = (0..<jobs).flatMap { number -> [Int] in
            CountedJobsFeature.kind(of: number) == ChainedJob.self ? [number, ChainedJob.next(number)] : [number]
        }
        var effects: [Int: Int] = [:]
        for row in try await store.rows("SELECT number, COUNT(*) AS n FROM effect GROUP BY number") {
            effects[Int(try row.int("number"))] = Int(try row.int("n"))
        }
        let missing = expected.filter { effects[$0] == nil }.count
        let repeats =
            effects.values.reduce(0) { $0 + $1 - 1 } + effects.keys.filter { !Set(expected).contains($0) }.count
        Figure("crash_jobs", jobs).print()
        Figure("crash_jobs_kills", kills).print()
        Figure("crash_jobs_effects", effects.values.reduce(0, +)).print()
        Figure("crash_jobs_missing", missing).print()
        Figure("crash_jobs_duplicates", repeats).print()
        Figure("crash_jobs_seed", Int(truncatingIfNeeded: seed), "seed").print()
        let problems = try await problems(in: home, store)
        for problem in problems { note(problem) }
        return missing + repeats == 0 && problems.isEmpty
    }

    /// What is wrong with replies, audit and store, in a few words each.
    private func problems(in home: WorkFolder, _ store: SQLiteDatabase) async throws -> [String] {
        func number(of kind: any CountedJob.Type) -> Int {
            (0..<jobs).count { CountedJobsFeature.kind(of: $0) == kind }
        }
        func count(_ query: SQL) async throws -> Int { Int(try await store.rows(query)[0].int("n")) }
        var problems: [String] = []
        let dead = try await count("SELECT COUNT(*) AS n FROM job")
        if dead > 0 { problems.append("\(dead) jobs are left, or dead letters") }
        let (replies, chats) = (
            try await count("SELECT COUNT(*) AS n FROM outbox"),
            try await count("SELECT COUNT(DISTINCT chat) AS n FROM outbox")
        )
        let spoken = number(of: SpokenJob.self)
        if replies != spoken || chats != spoken {
            problems.append("\(spoken) replies should be there, there are \(replies) in \(chats) chats")
        }
        let (entries, texts) = (
            try await count("SELECT COUNT(*) AS n FROM audit_entry WHERE action = 'CONFIG_UPDATE'"),
            try await count("SELECT COUNT(DISTINCT details) AS n FROM audit_entry WHERE action = 'CONFIG_UPDATE'")
        )
        let audited = number(of: AuditedJob.self)
        if entries != audited || texts != audited {
            problems.append("\(audited) entries of the audit should be there, there are \(entries), \(texts) different")
        }
        let archive = AuditArchive(store, pseudonyms: BareCore.pseudonyms)
        let verdict = try await archive.verify(AuditKey(lookingAt: home.url), sealEvery: 1)
        if let fault = verdict.fault { problems.append("the audit: \(fault)") }
        return problems + (try await store.integrityProblems())
    }
}
