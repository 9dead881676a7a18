import BotKit
import Foundation
import Logging
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

/// What owners and the webhook hear.
@Suite(.timeLimit(.minutes(1))) struct AlertDeskTests {
    private static let owner = "15550000001"
    private let poster = RecordingPoster()

    private func bot(
        over store: (any Database)? = nil, at start: Date = .monday, _ settings: [String: String] = [:]
    ) async throws -> BotUnderTest {
        try await BotUnderTest(over: store, at: start) {
            $0.isAlarmed = true
            $0.poster = poster
            $0.settings = ["OWNER_PHONE_NUMBERS": Self.owner, "ALERT_WEBHOOK_URL": "http://hook.example.org/x"]
                .merging(settings) { $1 }
        }
    }

    private func ownerWrites(_ text: String = "hello", to bot: BotUnderTest) async throws {
        let before = bot.provider.texts.count
        try await bot.receive(.sample(text, phone: Self.owner, at: bot.time.now))
        #expect(await eventually { bot.provider.texts.count == before + 1 })
    }

    private func mailbox(_ bot: BotUnderTest) throws -> AlertMailbox { try #require(bot.alarm).mailbox }

    @Test func `an owner who has written is told once, a stranger and a group never`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await ownerWrites(to: bot)
            try await bot.receive(.sample("secret marker", from: "omer", phone: "15550000002"))
            try await bot.receive(.sample("!x", phone: Self.owner, group: "club", mentionsBot: true))
            #expect(await bot.isQuiet())
            let before = bot.provider.texts.count
            let reference = try mailbox(bot).raise("dead_letter", about: nil)
            #expect(await eventually { bot.provider.texts.count == before + 1 })
            try mailbox(bot).raise("dead_letter", about: nil)
            #expect(
                bot.provider.texts.last
                    == "A reply is given up. martlet dead-letters lists it.\nReference \(reference)")
            #expect(bot.provider.accepted.last?.message.chat == .sample())
            await bot.pass(.seconds(60))
            #expect(bot.provider.texts.count == before + 1)
            #expect(await eventually { poster.posts.count == 1 })
            #expect(poster.bodies[0].contains(#""kind":"dead_letter""#) && poster.bodies[0].contains(reference))
            #expect(!poster.bodies.joined().contains("marker") && bot.provider.texts.last?.contains("marker") == false)
            await bot.pass(.seconds(3_600))
            try mailbox(bot).raise("dead_letter", about: nil)
            #expect(await eventually { bot.provider.texts.count == before + 2 })
            #expect(bot.provider.texts.last?.contains("1 more times") == true)
            #expect(await eventually { poster.posts.count == 2 && poster.bodies[1].contains(#""count":2"#) })
        }
    }

    @Test func `it speaks the owner's language`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await ownerWrites("שלום לך", to: bot)
            try mailbox(bot).raise("disk_low", about: nil, values: ["percent": "3"])
            #expect(await eventually { bot.provider.texts.count == 2 })
            #expect(bot.provider.texts[1].contains("אחוזים פנויים") && bot.provider.texts[1].contains("3"))
            // The webhook has one language.
            #expect(await eventually { poster.bodies.first?.contains("Only 3 % of the disk are free") == true })
        }
    }

    @Test func `it names the account, but no number`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await ownerWrites(to: bot)
            try mailbox(bot).raise("send_limit", about: "other:work")
            #expect(await eventually { bot.provider.texts.count == 2 })
            #expect(bot.provider.texts[1].contains("\nAccount: other:work\n"))
            try mailbox(bot).raise("send_limit", about: "other:100000000004321")
            #expect(await eventually { bot.provider.texts.count == 3 })
            #expect(bot.provider.texts[2].contains("\nAccount: other:…4321\n"))
            try mailbox(bot).raise("model_unknown", about: "host.example.org", values: ["host": "host.example.org"])
            #expect(await eventually { bot.provider.texts.count == 4 })
            #expect(!bot.provider.texts[3].contains("Account"))
        }
    }

    @Test func `the bot tells what a worker raises`() async throws {
        let bot = try await bot()
        let worker = try await BotUnderTest(over: bot.database.real) {
            $0.isAlarmed = true
            $0.role = .worker(for: { [] })
        }
        try await bot.run {
            try await ownerWrites(to: bot)
            try await worker.runJobs {
                try mailbox(worker).raise("disk_low", about: nil, values: ["percent": "4"])
                #expect(
                    await eventually {
                        bot.time.advance(by: .seconds(1))
                        return bot.provider.texts.count == 2
                    })
            }
            #expect(bot.provider.texts[1].contains("Only 4 % of the disk are free"))
            #expect(try await bot.count("SELECT COUNT(*) AS n FROM job WHERE kind = 'core.alerts'") == 0)
        }
        #expect(worker.provider.texts == [])
    }

    @Test func `a restart repeats nothing, and an end is told after it`() async throws {
        let store = try SQLiteDatabase.temporary()
        let first = try await bot(over: store)
        try await first.run {
            try await ownerWrites(to: first)
            try mailbox(first).raise("provider_down", about: "other:one", values: ["network": "x", "minutes": "2"])
            #expect(await eventually { first.provider.texts.count == 2 })
        }
        let second = try await bot(over: store, at: .monday.addingTimeInterval(600))
        try await second.run {
            try mailbox(second).raise("provider_down", about: "other:one", values: [:])
            #expect(await eventually { poster.posts.count == 1 })
            #expect(await second.isQuiet())
            #expect(second.provider.texts.isEmpty)
            try mailbox(second).end("provider_down", about: "other:one")
            #expect(await eventually { second.provider.texts.count == 1 })
            #expect(second.provider.texts[0].hasPrefix("The account that could not be reached is connected again."))
            #expect(await eventually { poster.posts.count == 2 && poster.bodies[1].contains(#""state":"ended""#) })
        }
    }

    @Test func `who is no owner any more, or whose number somebody else has, hears nothing`() async throws {
        let store = try SQLiteDatabase.temporary()
        let first = try await bot(over: store)
        try await first.run { try await ownerWrites(to: first) }
        let second = try await bot(over: store, ["OWNER_PHONE_NUMBERS": "15550000009"])
        try await second.run {
            try mailbox(second).raise("dead_job", about: "x")
            #expect(await eventually { poster.posts.count == 1 })
            #expect(await second.isQuiet())
            #expect(second.provider.texts.isEmpty)
        }
        let third = try await bot(over: store)
        try await third.run {
            try await third.receive(.sample("hi", from: "thief", phone: Self.owner))
            #expect(await third.sent("re: hi"))
            try mailbox(third).raise("dead_job", about: "y")
            #expect(await eventually { poster.posts.count == 3 }, "\(poster.bodies)")
            #expect(await third.isQuiet())
            #expect(third.provider.texts == ["re: hi"])
        }
    }

    @Test func `nobody is written to where that is switched off`() async throws {
        let bot = try await bot(["ALERT_CHAT": "false"])
        try await bot.run {
            try await ownerWrites(to: bot)
            try mailbox(bot).raise("dead_job", about: "x")
            #expect(await eventually { poster.posts.count == 1 })
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts.count == 1)
        }
    }

    @Test func `what cannot be stored is told when it can`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await ownerWrites(to: bot)
            bot.database.fail("alert_state", times: 3)
            try mailbox(bot).raise("storage", about: nil)
            #expect(await eventually { bot.database.count("INSERT INTO alert_state") == 1 })
            // It looks again five seconds after each failure, which no step of the clock waits for.
            #expect(
                await eventually(every: .milliseconds(50)) {
                    if bot.provider.texts.count < 2 { await bot.pass(.seconds(5)) }
                    return bot.provider.texts.count == 2
                })
            #expect(bot.provider.texts.last?.hasPrefix("The database cannot be used.") == true)
        }
    }

    @Test func `an alert that could not go out in time is dropped without another one`() async throws {
        let bot = try await bot(["ALERT_MAX_AGE_SECONDS": "600"])
        try await bot.run {
            try await ownerWrites(to: bot)
            bot.provider.script(.failure(SendFailure(.windowClosed, code: "131047", "the window is closed")))
            try mailbox(bot).raise("dead_job", about: "x")
            #expect(try await eventually { try await bot.outboxStates() == ["done", "parked"] })
            await bot.pass(.seconds(601))
            try await ownerWrites("back again", to: bot)
            #expect(try await eventually { try await bot.outboxStates() == ["done", "dead", "done"] })
            #expect(bot.provider.texts.last == "re: back again")
            #expect(bot.log.alerts.isEmpty)
            // One that the network refuses for good is no alert either.
            bot.provider.script(.failure(SendFailure(.giveUp, code: "131026", "it cannot be delivered")))
            try mailbox(bot).raise("dead_job", about: "z")
            #expect(try await eventually { try await bot.outboxStates() == ["done", "dead", "done", "dead"] })
            #expect(bot.log.alerts.isEmpty)
        }
    }

    @Test func `a failed turn's alert and apology have one reference, and so have all its lines`() async throws {
        let store = try SQLiteDatabase.temporary()
        let found = Recorder<String?>()
        let bot = try await BotUnderTest(over: store) {
            $0.isAlarmed = true
            $0.responders = [
                Answerer { _ in
                    found.add(TurnReference.current)
                    throw Outage("model", "it is down")
                }
            ]
        }
        try await bot.run {
            try await bot.receive(.sample())
            #expect(await eventually { bot.provider.texts.count == 1 })
        }
        let reference = try #require(found.values.first ?? nil)
        #expect(
            bot.provider.texts == [
                "The AI service is not available right now. Please try again shortly. (Reference \(reference))"
            ])
        let line = try #require(bot.log.entries.first { $0.message == "a turn failed for now" })
        #expect(line.metadata["reference"].map { "\($0)" } == reference)
        #expect(line.metadata["code"] == "openai_api_error")
    }
}
