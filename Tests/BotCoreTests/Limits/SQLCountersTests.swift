import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

/// The counters over a real file, which a second instance may have open as well.
@Suite(.timeLimit(.minutes(1))) struct SQLCountersTests {
    private let folder: Folder
    private var file: URL { folder.url.appending(path: "martlet.sqlite") }
    private let time = ManualTime(.monday)
    private let counters: SQLCounters

    init() async throws {
        folder = try Folder()
        let database = try Self.open(folder.url.appending(path: "martlet.sqlite"))
        _ = try await Migrator(database, CoreSchema.migrations, time: time).apply()
        counters = SQLCounters(database: database, time: time)
    }

    /// Goes away with its owner.
    private final class Folder: Sendable {
        let url = FileManager.default.temporaryDirectory.appending(path: "martlet-limits-\(UUID().uuidString)")

        init() throws {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    private static func open(_ file: URL) throws -> SQLiteDatabase {
        var options = SQLiteDatabase.Options()
        options.isOnlyInstance = false
        return try SQLiteDatabase.open(file, options)
    }

    /// Another process on the same file.
    private func another() throws -> SQLCounters { SQLCounters(database: try Self.open(file), time: time) }

    private func bucket(_ limit: Int = 10, of member: MemberID? = .sample(), seconds: Int = 60) -> TokenBucket {
        TokenBucket("work", of: member, limit: limit, in: .seconds(seconds))
    }

    private func rule(_ limit: Int = 30) -> FloodRule {
        FloodRule("messages", for: .sample(), limit: limit, in: .seconds(60), ban: .seconds(300))
    }

    /// How many of `count` tries get one.
    private func taken(_ count: Int, _ buckets: TokenBucket..., by counters: SQLCounters? = nil) async throws -> Int {
        var taken = 0
        for _ in 0..<count where try await (counters ?? self.counters).take(from: buckets, at: time.now) == nil {
            taken += 1
        }
        return taken
    }

    private func verdicts(_ count: Int, every step: Duration = .zero) async throws -> [FloodVerdict] {
        var verdicts: [FloodVerdict] = []
        for index in 0..<count {
            if index > 0 { time.advance(by: step) }
            verdicts.append(try await counters.note(1, under: rule(), at: time.now))
        }
        return verdicts
    }

    // MARK: - Buckets

    @Test(arguments: [(10, 60), (100, 60), (7, 60), (250, 1), (1, 86_400)])
    func `a bucket gives what it holds, and then as much evenly in each window`(limit: Int, seconds: Int) async throws {
        let tries = min(limit, 200)
        // What is not tried one by one was taken before.
        let bucket = bucket(limit, seconds: seconds)
        if limit > tries { #expect(try await taken(limit - tries, bucket) == limit - tries) }
        #expect(try await taken(tries + 5, bucket) == tries)
        time.advance(by: .seconds(seconds))
        #expect(try await taken(min(limit, 20), bucket) == min(limit, 20))
    }

    @Test func `one more comes in a tenth of the window, and not a millisecond before`() async throws {
        #expect(try await taken(11, bucket()) == 10)
        time.advance(by: .milliseconds(5_999))
        #expect(try await taken(1, bucket()) == 0)
        time.advance(by: .milliseconds(1))
        #expect(try await taken(2, bucket()) == 1)
        // A refusal costs nothing: a minute later all are there.
        time.advance(by: .seconds(60))
        #expect(try await taken(11, bucket()) == 10)
    }

    @Test func `members have buckets of their own, and nothing is taken when one bucket is empty`() async throws {
        let all = bucket(12, of: nil)
        #expect(try await taken(11, bucket(), all) == 10)
        #expect(try await counters.take(from: [bucket(), all], at: time.now) == bucket())
        // The refusals above took nothing from the common one.
        #expect(try await taken(3, bucket(of: .sample("omer")), all) == 2)
        #expect(try await counters.take(from: [bucket(of: .sample("omer")), all], at: time.now) == all)
        // Nor did these take from that of the member.
        #expect(try await taken(9, bucket(of: .sample("omer"))) == 8)
    }

    @Test func `a restart resets nothing`() async throws {
        #expect(try await taken(7, bucket()) == 7)
        #expect(try await taken(7, bucket(), by: try another()) == 3)
    }

    @Test func `two instances together give no more than one`() async throws {
        let instances = [counters, try another()]
        let (own, all, now) = (bucket(of: nil), bucket(100, of: .sample("all")), time.now)
        let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<60 {
                group.addTask { try await instances[index % 2].take(from: [own, all], at: now) == nil }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(taken == 10)
    }

    @Test func `a clock that is set back by an hour keeps nobody waiting, and gives nobody more`() async throws {
        #expect(try await taken(4, bucket()) == 4)
        time.advance(by: .seconds(-3_600))
        #expect(try await taken(7, bucket()) == 6)
        time.advance(by: .seconds(6))
        #expect(try await taken(2, bucket()) == 1)
        // To and fro brings nothing either.
        for _ in 1...3 {
            time.advance(by: .seconds(3_600))
            #expect(try await taken(1, bucket()) == 0)
            time.advance(by: .seconds(-3_600))
            #expect(try await taken(1, bucket()) == 0)
        }
        time.advance(by: .seconds(60))
        #expect(try await taken(11, bucket()) == 10)
    }

    @Test func `a bucket whose window was made shorter is no emptier than empty`() async throws {
        #expect(try await taken(10, bucket(seconds: 86_400)) == 10)
        #expect(try await taken(1, bucket()) == 0)
        time.advance(by: .seconds(6))
        #expect(try await taken(2, bucket()) == 1)
    }

    @Test func `messages that are older than the last one count all the same`() async throws {
        #expect(try await counters.take(from: [bucket(1)], at: time.now) == nil)
        #expect(try await counters.take(from: [bucket(1)], at: time.now.adding(.seconds(-3_600))) != nil)
        // What came under a clock that was an hour ahead did not come in the future.
        #expect(try await counters.take(from: [bucket(1)], at: time.now.adding(.seconds(3_600))) != nil)
    }

    // MARK: - Floods

    @Test func `the thirty-first message of a minute begins a ban, of which is told once`() async throws {
        let verdicts = try await verdicts(35)
        #expect(verdicts.prefix(30).allSatisfy { $0 == .passed })
        let rest: [FloodVerdict] = [.banned(isNew: true)] + Array(repeating: .banned(isNew: false), count: 4)
        #expect(Array(verdicts[30...]) == rest)
        time.advance(by: .milliseconds(299_999))
        #expect(try await self.verdicts(1) == [.banned(isNew: false)])
        time.advance(by: .milliseconds(1))
        #expect(try await self.verdicts(30).allSatisfy { $0 == .passed })
        #expect(try await self.verdicts(1) == [.banned(isNew: true)])
    }

    @Test func `the minute slides`() async throws {
        // At 0, 2, … 58 seconds.
        #expect(try await verdicts(30, every: .seconds(2)).allSatisfy { $0 == .passed })
        time.advance(by: .seconds(2))
        // The first is a minute old.
        #expect(try await verdicts(1) == [.passed])
        time.advance(by: .milliseconds(1_999))
        #expect(try await verdicts(1) == [.banned(isNew: true)])
    }

    @Test func `a burst counts each of its texts`() async throws {
        #expect(try await counters.note(29, under: rule(), at: time.now) == .passed)
        #expect(try await counters.note(2, under: rule(), at: time.now) == .banned(isNew: true))
        time.advance(by: .seconds(300))
        #expect(try await counters.note(31, under: rule(), at: time.now) == .banned(isNew: true))
        #expect(try await counters.note(31, under: rule(), at: time.now) == .banned(isNew: false))
    }

    @Test func `the first burst of all may be too much`() async throws {
        #expect(try await counters.note(31, under: rule(), at: time.now) == .banned(isNew: true))
        #expect(try await counters.note(1, under: rule(), at: time.now) == .banned(isNew: false))
    }

    @Test func `two instances count one flood, and tell of it once`() async throws {
        let instances = [counters, try another()]
        let (rule, now) = (rule(), time.now)
        let verdicts = try await withThrowingTaskGroup(of: FloodVerdict.self) { group in
            for index in 0..<60 {
                group.addTask { try await instances[index % 2].note(1, under: rule, at: now) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(verdicts.count { $0 == .passed } == 30)
        #expect(verdicts.count { $0 == .banned(isNew: true) } == 1)
    }

    @Test func `a clock that is set back by an hour makes a ban no longer, and no shorter`() async throws {
        #expect(try await verdicts(31).last == .banned(isNew: true))
        time.advance(by: .seconds(-3_600))
        #expect(try await verdicts(1) == [.banned(isNew: false)])
        time.advance(by: .milliseconds(299_999))
        #expect(try await verdicts(1) == [.banned(isNew: false)])
        time.advance(by: .milliseconds(1))
        #expect(try await verdicts(1) == [.passed])
    }

    @Test func `a clock that is set back forgets no message of the minute`() async throws {
        #expect(try await verdicts(30).allSatisfy { $0 == .passed })
        time.advance(by: .seconds(-3_600))
        #expect(try await verdicts(1) == [.banned(isNew: true)])
    }

    @Test func `a ban that was made shorter ends sooner`() async throws {
        #expect(try await verdicts(31).last == .banned(isNew: true))
        var short = rule()
        short.ban = .seconds(10)
        #expect(try await counters.note(1, under: short, at: time.now) == .banned(isNew: false))
        time.advance(by: .seconds(10))
        #expect(try await counters.note(1, under: short, at: time.now) == .passed)
    }

    @Test func `what was counted is removed when it means nothing any more`() async throws {
        let database = try Self.open(file)
        _ = try await verdicts(31)
        #expect(try await taken(1, bucket()) == 1)
        let handler = try PruneExpiredHandler.sample(over: database)
        _ = try await handler.run(PruneExpired(), at: time.now.adding(.seconds(86_000)))
        #expect(try await database.rows("SELECT name FROM counter").count == 2)
        _ = try await handler.run(PruneExpired(), at: time.now.adding(.seconds(86_401)))
        #expect(try await database.rows("SELECT name FROM counter").isEmpty)
    }
}
