import BotKit
import Foundation
import StoreSQLite

/// What disk and store can do, below everything else: it explains the figures above.
struct StoreStage: Stage {
    let bench: BenchSetup
    let figures = ["disk_flush_ms_p50", "store_transactions_per_second"]

    func run() async throws -> [Figure] {
        let folder = try bench.makeFolder("store")
        let flushes = try Self.flushes(in: folder.file("flush"), count: bench.count(500, quick: 100))
        let perSecond = try await Self.transactions(in: folder, count: bench.count(20_000, quick: 4_000))
        return [
            Figure("disk_flush_ms_p50", flushes.percentile(0.5), "ms", digits: 2),
            Figure("store_transactions_per_second", perSecond, "1/s", digits: 0),
        ]
    }

    /// The times of writing and flushing one page at the end of a file, in milliseconds.
    private static func flushes(in file: URL, count: Int) throws -> [Double] {
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw BenchmarkFailure("\(file.path) cannot be made") }
        defer { close(descriptor) }
        let page = [UInt8](repeating: 1, count: 4096)
        return try (0..<count).map { _ in
            let start = ContinuousClock.now
            guard write(descriptor, page, page.count) == page.count, fdatasync(descriptor) == 0 else {
                throw BenchmarkFailure("\(file.path) cannot be written")
            }
            return (.now - start).inMilliseconds
        }
    }

    /// Small transactions of 64 callers a second, each durable when it returns.
    private static func transactions(in folder: WorkFolder, count: Int) async throws -> Double {
        let database = try SQLiteDatabase.open(folder.file("store.sqlite"))
        try await database.run("CREATE TABLE entry (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        let body = String(repeating: "x", count: 200)
        let callers = 64
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<callers {
                group.addTask {
                    for id in stride(from: caller, to: count, by: callers) {
                        try await database.transaction(["INSERT INTO entry (id, body) VALUES (\(id), \(body))"])
                    }
                }
            }
            try await group.waitForAll()
        }
        let span = ContinuousClock.now - start
        try await database.close()
        return Double(count) / span.inSeconds
    }
}
