import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

@testable import WhatsAppEmulator

/// `WORKER_MODE=true martlet run` beside a running bot.
@Suite(.timeLimit(.minutes(3))) struct WorkerTests {
    private static let pixel =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    private static let people = (1...4).map { "1555000020\($0)" }

    private func sendImages(to bot: CloudBot, saying caption: String) async throws {
        let image = try #require(Data(base64Encoded: Self.pixel))
        for person in Self.people {
            let id = try await bot.emulator.addMedia(Array(image), mimeType: "image/png")
            _ = try await bot.emulator.receive([
                "from": .string(person), "image": ["id": .string(id), "caption": .string(caption)],
            ])
        }
    }

    private func worker(of bot: CloudBot) throws -> MartletProcess {
        let environment = bot.environment.merging(["WORKER_MODE": "true"]) { $1 }
        return try MartletProcess(["run"], home: bot.home, environment: environment)
    }

    @Test func `does what the bot has no room for; killed, it loses nothing and says nothing twice`() async throws {
        try await CloudBot.running(["QUEUE_CONCURRENCY": "1", "JOB_LEASE_SECONDS": "3"]) { bot in
            let first = try worker(of: bot)
            _ = try await first.line { $0.contains("does heavy work beside the bot") }
            try await sendImages(to: bot, saying: "wait 2000")
            #expect(await bot.emulator.waitForSent(4, within: .patience))
            #expect(try await eventually { try await leases(in: bot.home) == 2 })
            first.signal(SIGKILL)
            _ = try await first.exitStatus()
            let second = try worker(of: bot)
            #expect(await bot.emulator.waitForSent(8, within: .patience))
            let texts = await bot.texts
            #expect(texts.count { $0.hasPrefix("Processing…") } == 4)
            #expect(texts.count { $0.hasPrefix("echo: wait 2000") } == 4)
            let third = try worker(of: bot)
            _ = try await third.line { $0.contains("does heavy work beside the bot") }
            // The second took over the lane of the first, and the third has its own.
            let locks = try FileManager.default.contentsOfDirectory(atPath: bot.home.data.path)
                .filter { $0.hasPrefix("worker-") }
            #expect(Set(locks) == ["worker-1.lock", "worker-2.lock"])
            for worker in [second, third] {
                worker.signal(SIGTERM)
                #expect(try await worker.exitStatus() == 0)
            }
        }
    }

    /// How many processes do heavy work now.
    private func leases(in home: TemporaryFolder) async throws -> Int64 {
        var options = SQLiteDatabase.Options()
        options.isOnlyInstance = false
        let database = try SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite"), options)
        let rows = try await database.rows("SELECT COUNT(DISTINCT lease_owner) AS n FROM job WHERE is_heavy = 1")
        try await database.close()
        return try rows[0].int("n")
    }

    @Test func `asks for an account that it can work for, and for a store that is there`() async throws {
        let home = try TemporaryFolder()
        try await ModelStub.serving { _, environment in
            let mode = environment.merging(["WORKER_MODE": "true"]) { $1 }
            let alone = try MartletProcess(["run"], home: home, environment: mode)
            #expect(try await alone.exitStatus() == 78)
            #expect(alone.errors.contains("CLOUD_PHONE_NUMBER_ID"))
            let cloud = [
                "CLOUD_PHONE_NUMBER_ID": "100000000000001", "CLOUD_ACCESS_TOKEN": "token", "CLOUD_APP_SECRET": "secret",
                "CLOUD_VERIFY_TOKEN": "verify",
            ]
            let early = try MartletProcess(["run"], home: home, environment: mode.merging(cloud) { $1 })
            #expect(try await early.exitStatus() == 78)
            #expect(early.errors.contains("Start the bot once"))
        }
    }
}
