import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

/// Each message leaves why it was answered, or why not.
@Suite(.timeLimit(.minutes(1))) struct ReasonTests {
    /// A message, the settings that it meets, and what is noted: reason, step, refusal, feature.
    struct Cause: Sendable, CustomStringConvertible {
        var description: String
        var message: InboundMessage
        var settings: [String: String] = [:]
        /// What was decided before.
        var admission: Admission?
        var groupAdmission: Admission?
        var noted: [String]

        init(
            _ description: String, _ message: InboundMessage, _ settings: [String: String] = [:],
            person: Admission? = nil, group: Admission? = nil, noted: String...
        ) {
            self.description = description
            self.message = message
            self.settings = settings
            admission = person
            groupAdmission = group
            self.noted = noted
        }
    }

    static let causes: [Cause] = [
        Cause("answered", .sample("hello"), noted: "answered", "answer", "-", "test"),
        Cause(
            "groups off", .sample("@martlet hi", group: "g"), ["GROUPCHATS_ENABLED": "false"],
            noted: "groups_off", "open", "-", "-"),
        Cause(
            "group policy", .sample("@martlet hi", group: "g"), ["GROUP_POLICY": "off"],
            noted: "group_policy_off", "guard", "-", "-"),
        Cause(
            "group not allowed", .sample("@martlet hi", group: "g"), ["GROUP_POLICY": "allowlist"],
            noted: "group_not_allowed", "guard", "-", "-"),
        Cause(
            "group denied", .sample("@martlet hi", group: "g"), group: .denied,
            noted: "group_denied", "guard", "-", "-"),
        Cause("not mentioned", .sample("hi", group: "g"), noted: "not_mentioned", "route", "-", "-"),
        Cause(
            "no command in a group", .sample("hi", group: "g"), ["GROUP_ACTIVATION": "prefix"],
            noted: "not_a_command", "route", "-", "-"),
        Cause(
            "no prefix", .sample("hi"), ["PREFIX_ENABLED": "true"], noted: "prefix_required", "route", "-", "-"),
        Cause("another bot", .sample("!zzzzzz", group: "g"), noted: "other_bot", "route", "-", "-"),
        Cause(
            "closed", .sample("hi"), ["ACCESS_POLICY": "closed"], noted: "policy_closed", "guard", "-", "-"),
        Cause(
            "closed, in an allowed group", .sample("@martlet hi", group: "g"), ["ACCESS_POLICY": "closed"],
            group: .allowed, noted: "policy_closed", "guard", "-", "-"),
        Cause(
            "allowlist", .sample("hi"), ["ACCESS_POLICY": "allowlist"],
            noted: "policy_allowlist", "guard", "-", "-"),
        Cause(
            "pairing", .sample("hi"), ["ACCESS_POLICY": "pairing"],
            noted: "refused", "guard", "unknown_member", "-"),
        Cause(
            "pairing, in a group", .sample("@martlet hi", group: "g"), ["ACCESS_POLICY": "pairing"],
            noted: "policy_pairing", "guard", "-", "-"),
        Cause("denied", .sample("hi"), person: .denied, noted: "denied", "guard", "-", "-"),
        Cause("blocked", .sample("hi"), person: .blocked, noted: "blocked", "guard", "-", "-"),
        Cause(
            "too old", .sample("hi", at: .monday.addingTimeInterval(-90_000), receivedAt: .monday),
            noted: "too_old", "open", "-", "-"),
        Cause(
            "reaction", .sample(content: .reaction(to: "x", emoji: "👍")), noted: "kind", "open", "-", "-"),
        Cause("empty", .sample(" \u{200F} "), noted: "empty", "open", "-", "-"),
        Cause(
            "unsupported, in a group",
            .sample(group: "g", mentionsBot: true, content: .unsupported(kind: "poll")),
            noted: "no_responder", "route", "-", "-"),
        Cause(
            "unreadable kind", .sample(content: .unsupported(kind: "poll")),
            noted: "refused", "route", "unreadable", "-"),
        Cause(
            "too long", .sample("0123456789x"), ["MAX_MESSAGE_LENGTH": "10"],
            noted: "refused", "guard", "too_long", "-"),
        Cause("no permission", .sample("!own"), noted: "refused", "authorize", "permission", "test"),
        Cause("refused by the feature", .sample("!refuse"), noted: "refused", "answer", "bad_arguments", "test"),
        Cause("outage", .sample("!outage"), noted: "outage", "answer", "-", "test"),
        Cause("defect", .sample("!defect"), noted: "failed", "answer", "-", "test"),
        Cause("unknown command", .sample("!zzzzzz"), noted: "answered", "answer", "-", "core"),
    ]

    private func bot(_ settings: [String: String] = [:]) async throws -> BotUnderTest {
        try await BotUnderTest {
            $0.settings = settings
            $0.responders = [
                TestCommand(words: ["own"], needs: .readAudit) { _, _ in [] },
                TestCommand(words: ["refuse"]) { _, _ in throw Refusal(.no, reason: "bad_arguments") },
                TestCommand(words: ["outage"]) { _, _ in throw Outage("model", "gone") },
                TestCommand(words: ["defect"]) { _, _ in throw Defect("odd") },
                Answerer(accepting: { CommandCall($0) == nil && !$0.text.isEmpty }) { [.verbatim("re: \($0.text)")] },
            ]
        }
    }

    private func noted(_ bot: BotUnderTest) async throws -> [[String]] {
        try await bot.database.rows("SELECT reason, step, refusal, feature FROM inbox ORDER BY id").map { row in
            try ["reason", "step", "refusal", "feature"].map { try row.optionalText($0) ?? "-" }
        }
    }

    @Test(arguments: causes) func `is noted as the line ends`(_ cause: Cause) async throws {
        let bot = try await bot(cause.settings)
        let ledger = AccessLedger(
            database: bot.database, ids: bot.ids, settings: try BotUnderTest.settings().access)
        if let admission = cause.admission {
            try await bot.database.transaction(
                ledger.admitting(admission, .member(.sample()), until: nil, at: .monday))
        }
        if let admission = cause.groupAdmission {
            try await bot.database.transaction(ledger.admitting(admission, group: .sample("g"), at: .monday))
        }
        try await bot.run {
            try await bot.receive(cause.message)
            #expect(await bot.isQuiet())
        }
        #expect(try await noted(bot) == [cause.noted])
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE turn = id AND closed_at > 0") == 1)
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE state = 'received'") == 0)
    }

    @Test func `a burst is noted as one, and its answer is found by each of its messages and by itself`() async throws {
        let bot = try await bot(["SETTLE_MILLISECONDS": "400"])
        try await bot.run {
            try await bot.receive(.sample("one", id: "1"), .sample("two", id: "2"), .sample("three", id: "3"))
            await bot.pass(.seconds(1))
            #expect(await bot.sent("re: one\ntwo\nthree"))
            #expect(await bot.isQuiet())
        }
        let archive = TurnArchive(bot.database)
        let answer = try #require(bot.provider.accepted.first?.id)
        for id in ["1", "2", "3", answer] as [MessageID] {
            let record = try #require(try await archive.record(of: id, in: .sample()))
            #expect(record.count == 3 && record.verdict?.reason == .answered && record.replies.sent == 1)
            #expect(record.member == .sample())
        }
        let byReference = try await archive.records(
            named: try #require(try await archive.record(of: "2", in: .sample())?.reference), in: nil)
        #expect(byReference.map(\.message) == ["1"])
        #expect(try await archive.records(named: answer.rawValue, in: nil).count == 1)
        #expect(try await archive.records(named: "2", in: .sample("omer")).isEmpty)
        #expect(try await archive.record(of: "4", in: .sample()) == nil)
        let last = try await archive.last(of: .sample(), in: .sample(), before: .max, except: "why")
        #expect(last?.message == "3")
        #expect(try await archive.last(of: .sample(), in: .sample(), before: .max, except: "test") == nil)
    }

    @Test func `what we said by ourselves answers nobody`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await bot.send("news")
            #expect(await bot.sent("news"))
        }
        let id = try #require(bot.provider.accepted.first?.id)
        #expect(try await TurnArchive(bot.database).record(of: id, in: .sample()) == nil)
    }

    @Test func `a message that waits, and one from before, have no reason`() async throws {
        let bot = try await bot()
        try await bot.receive(.sample("waits", id: "1"))
        let archive = TurnArchive(bot.database)
        let waiting = try #require(try await archive.record(of: "1", in: .sample()))
        #expect(waiting.isOpen && waiting.verdict == nil)
        try await bot.database.run("UPDATE inbox SET state = 'answered'")
        let old = try #require(try await archive.record(of: "1", in: .sample()))
        #expect(!old.isOpen && old.verdict == nil)
        // As a newer version would write.
        try await bot.database.run("UPDATE inbox SET reason = 'the_moon', step = 'orbit'")
        #expect(try await archive.record(of: "1", in: .sample())?.verdict == nil)
    }

    @Test func `what is kept from before the account was linked says so`() async throws {
        let bot = try await bot()
        try await bot.database.transaction(bot.core.inbox.keeping([.sample("old", id: "1")]))
        let record = try await TurnArchive(bot.database).record(of: "1", in: .sample())
        #expect(record?.verdict?.reason == .history)
    }

    @Test func `what was stopped, given up, or cannot be read any more, says so`() async throws {
        let store = try SQLiteDatabase.temporary()
        let before = try await BotUnderTest(over: store)
        try await before.receive(
            .sample("poison", id: "1"), .sample("damaged", id: "2", from: "omer"))
        try await store.run("UPDATE inbox SET restarts = 20 WHERE message_id = '1'")
        try await store.run("UPDATE inbox SET payload = '{' WHERE message_id = '2'")
        let door = Door()
        door.shut()
        let bot = try await BotUnderTest(over: store, at: .monday.adding(.seconds(60))) {
            $0.responders = [TestCommand.stop, Answerer.echo(behind: door)]
        }
        try await bot.run {
            try await bot.receive(.sample("slow", id: "3", from: "noa", at: bot.time.now))
            #expect(await eventually { door.waiting == 1 })
            try await bot.receive(.sample("!stop", id: "4", from: "noa", at: bot.time.now))
            #expect(await bot.isQuiet())
        }
        let archive = TurnArchive(store)
        for (id, person, reason) in [
            ("1", "dana", TurnReason.givenUp), ("2", "omer", .unreadable), ("3", "noa", .stopped),
        ] {
            let record = try await archive.record(of: MessageID(rawValue: id), in: .sample(person))
            #expect(record?.verdict?.reason == reason && record?.isOpen == false)
        }
    }

    @Test func `an answer that cannot be stored, and one that waits for its member, say so`() async throws {
        let bot = try await BotUnderTest {
            $0.responders = [
                TestCommand(words: ["broken"]) { _, _ in Answer([], writes: ["INSERT INTO nowhere VALUES (1)"]) },
                Answerer.echo,
            ]
        }
        bot.provider.script(.failure(.sample(.windowClosed)), for: .sample("omer"))
        bot.provider.script(.failure(.sample(.giveUp)), for: .sample("noa"))
        try await bot.run {
            try await bot.receive(.sample("!broken", id: "1"))
            try await bot.receive(.sample("hi", id: "2", from: "omer"), .sample("hi", id: "3", from: "noa"))
            #expect(await bot.isQuiet())
        }
        let archive = TurnArchive(bot.database)
        let broken = try await archive.record(of: "1", in: .sample())
        #expect(broken?.verdict?.reason == .failed && broken?.verdict?.step == .deliver)
        #expect(try await archive.record(of: "2", in: .sample("omer"))?.replies.parked == 1)
        #expect(try await archive.record(of: "3", in: .sample("noa"))?.replies.problem != nil)
    }
}
