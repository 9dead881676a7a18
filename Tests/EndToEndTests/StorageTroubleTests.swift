import BotKit
import Foundation
import StoreSQLite
import Synchronization
import Testing
import TestKit

@testable import WhatsAppEmulator

/// The real program on a store that cannot be written: a full disk, another process that holds it, a read-only disk.
@Suite(.enabled(if: SmallDisk.isAvailable, Comment(rawValue: SmallDisk.whyNot)), .serialized)
struct StorageTroubleTests {
    /// Runs the bot with its data on `disk`; the network repeats refused webhooks every half second.
    private func running(
        on disk: SmallDisk, _ settings: [String: String] = [:],
        _ body: @escaping @Sendable (CloudBot) async throws -> Void
    ) async throws {
        let place = ["MARTLET_HOME": disk.url.appending(path: "data").path]
        try await CloudBot.running(place.merging(settings) { $1 }) {
            $0.webhookRetries = Array(repeating: .milliseconds(500), count: 1_000)
        } _: { bot in
            try await body(bot)
        }
    }

    private func database(on disk: SmallDisk) -> URL { disk.url.appending(path: "data/martlet.sqlite") }

    /// A long message, as its network would send it once.
    private func post(_ number: Int, to bot: CloudBot) async throws -> UInt {
        try await bot.deliver(String(repeating: "x", count: 4_000), id: "wamid.FULL\(number)")
    }

    /// Has `count` users write, each a long message.
    /// - Returns: the answers that they shall get.
    private func receive(_ count: Int, of bot: CloudBot) async throws -> [String] {
        var texts: [String] = []
        for number in 1...count {
            let text = "message \(number) " + String(repeating: "x", count: 2_000)
            _ = try await bot.emulator.receive(text: text, from: "1555000\(1_000 + number)")
            texts.append("echo: \(text)")
        }
        return texts
    }

    @Test func `on a full disk nothing is lost or half stored, and all goes on when there is space`() async throws {
        let disk = try SmallDisk(bytes: 12 << 20)
        let answers = Atomic(0)
        try await running(on: disk) { bot in
            _ = try await bot.emulator.receive(text: "before", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            // This one is stored, and its answer is made while there is no space any more.
            _ = try await bot.emulator.receive(text: "wait 1500", from: CloudBot.user)
            _ = try await eventually("the model is asked") { bot.model.questions.count == 2 ? true : nil }
            try disk.fill()

            // What is left of the log's space is soon used up.
            var number = 0
            _ = try await eventually("a webhook is refused") {
                number += 1
                return try await post(number, to: bot) == 503 ? true : nil
            }
            let taken = number - 1
            let texts = try await receive(30, of: bot)
            try await bot.process.line { $0.contains(#""alert":"storage""#) && $0.contains("the disk is full") }
            let ready = try await bot.readiness()
            #expect(ready.status == 503 && ready.body.contains(#""storage":false"#), "\(ready)")
            let report = try await bot.doctor()
            #expect(report.contains("problem  disk: is full") && report.contains("Free some space"), "\(report)")

            // The network knocks again and again; refusing must cost little time and few lines.
            let (start, lines) = (try bot.processorTime(), bot.process.lines.count)
            let knocks = await bot.emulator.webhookCounts().posts
            _ = try await eventually("the network goes on delivering") {
                await bot.emulator.webhookCounts().posts >= knocks + 200 ? true : nil
            }
            let used = try bot.processorTime() - start
            #expect(used < .seconds(2), "the process used \(used) for 200 refused webhooks")
            #expect(bot.process.lines.count - lines < 200)
            #expect(bot.process.isRunning)
            #expect(try await bot.doctor().contains("Free some space"))

            try disk.free()
            let count = 2 + taken + texts.count
            #expect(await bot.emulator.waitForSent(count, within: .seconds(90)))
            // Who was refused sends again, and so does a network that missed our answer.
            #expect(try await post(number, to: bot) == 200)
            for number in 1...number { #expect(try await post(number, to: bot) == 200) }
            #expect(await bot.emulator.waitForSent(count + 1, within: .seconds(60)))
            _ = try await eventually("ready again") {
                try await bot.readiness().status == 200 ? true : nil
            }
            #expect(!(try await bot.doctor()).contains("is full"))
            let sent = await bot.texts
            let large = "echo: " + String(repeating: "x", count: 4_000)
            #expect(sent.filter { $0 != large }.sorted() == (["echo: before", "echo: wait 1500"] + texts).sorted())
            #expect(sent.count { $0 == large } == taken + 1)
            answers.store(sent.count, ordering: .relaxed)
        }
        let count = answers.load(ordering: .relaxed)
        let store = try SQLiteDatabase.open(database(on: disk))
        #expect(try await store.integrityProblems() == [])
        let rows = try await store.rows("SELECT state, COUNT(*) AS n FROM inbox GROUP BY state")
        #expect(try rows.map { "\(try $0.text("state")) \(try $0.int("n"))" } == ["answered \(count)"])
        let replies = try await store.rows("SELECT state, COUNT(*) AS n FROM outbox GROUP BY state")
        #expect(try replies.map { "\(try $0.text("state")) \(try $0.int("n"))" } == ["done \(count)"])
        try await store.close()
    }

    @Test func `a start on a full disk says so, and the next one goes on`() async throws {
        let disk = try SmallDisk(bytes: 12 << 20)
        let home = try TemporaryFolder()
        let place = ["MARTLET_HOME": disk.url.appending(path: "data").path]
        try await CloudBot.running(place.merging(["SHUTDOWN_SECONDS": "1"]) { $1 }, over: home) { bot in
            _ = try await bot.emulator.receive(text: "wait 9000", from: CloudBot.user)
            _ = try await eventually("the model is asked") { bot.model.questions.isEmpty ? nil : true }
        }
        try disk.fill()
        let settings = place.merging(["OPENAI_API_KEY": "sk-test-0000", "HEALTH_PORT": "0"]) { $1 }
        let process = try MartletProcess(["run"], home: home, environment: settings)
        // A supervisor starts it again: 1 is a failure that may pass.
        #expect(try await process.exitStatus() == 1)
        #expect(process.errors.contains("the disk is full; free some space"), "\(process.errors)")
        try disk.free()
        try await CloudBot.running(place, over: home) { bot in
            await bot.emulator.setWindow(.off)
            #expect(await bot.emulator.waitForSent(1, within: .seconds(60)))
            #expect(await bot.texts == ["echo: wait 9000"])
        }
    }

    @Test func `while another process holds the database nothing is lost, and all goes on when it ends`() async throws {
        let disk = try SmallDisk(bytes: 12 << 20)
        let file = database(on: disk)
        try await running(on: disk) { bot in
            _ = try await bot.emulator.receive(text: "before", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            let rival = try Rival(holding: file)
            try await rival.holds()
            #expect(try await post(1, to: bot) == 503)
            let texts = try await receive(5, of: bot)
            try await bot.process.line { $0.contains(#""alert":"storage""#) && $0.contains("locked by another") }
            #expect(try await bot.readiness().body.contains(#""storage":false"#))
            rival.end()
            // What was refused is sent again; it may have been stored after all, and is answered once all the same.
            _ = try await eventually("it is taken") { try await post(1, to: bot) == 200 ? true : nil }
            #expect(await bot.emulator.waitForSent(2 + texts.count, within: .seconds(90)))
            _ = try await bot.emulator.receive(text: "after", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(3 + texts.count, within: .patience))
            let others = ["echo: before", "echo: after", "echo: " + String(repeating: "x", count: 4_000)]
            #expect(await bot.texts.sorted() == (others + texts).sorted())
            _ = try await eventually("ready again") { try await bot.readiness().status == 200 ? true : nil }
        }
    }

    @Test func `refuses to start on a disk that is read-only, and says what to do`() async throws {
        let disk = try SmallDisk(bytes: 12 << 20)
        let home = try TemporaryFolder()
        let settings = [
            "MARTLET_HOME": disk.url.appending(path: "data").path, "OPENAI_API_KEY": "sk-test-0000",
            "OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "HEALTH_PORT": "0",
        ]
        func finish(_ command: String) async throws -> (status: Int32, text: String) {
            let process = try MartletProcess([command], home: home, environment: settings)
            process.closeInput()
            let status = try await process.exitStatus()
            return (status, process.lines.joined(separator: "\n") + process.errors)
        }
        #expect(try await finish("migrate").status == 0)
        try disk.makeReadOnly()
        let run = try await finish("run")
        #expect(run.status == 78 && run.text.contains("writable"), "\(run)")
        let doctor = try await finish("doctor")
        #expect(doctor.status == 1 && doctor.text.contains("problem  database") && doctor.text.contains("writable"))
    }
}

/// The suite above for who is not root.
@Suite(.enabled(if: MountNamespace.isNeeded, Comment(rawValue: MountNamespace.whyNot)))
struct StorageTroubleElsewhereTests {
    @Test func `holds in a namespace of our own too, where we may mount`() throws {
        let run = try MountNamespace.runSuite("EndToEndTests.StorageTroubleTests")
        #expect(run.status == 0 && run.output.contains("Test run with 4 tests"), "\(run.output.suffix(2_000))")
    }
}
