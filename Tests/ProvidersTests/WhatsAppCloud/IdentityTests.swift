import BotKit
import Foundation
import StoreSQLite
import Testing
import WhatsAppCloud

@testable import Providers

/// Who is who: numbers, business-scoped ids, and people who change them.
@Suite struct IdentityTests {
    private typealias Person = Payload.Person

    private func write(_ rig: CloudRig, _ person: Payload.Person, _ id: String) async throws -> InboundMessage {
        let text = Payload.text("from \(id)", from: person, id: id, at: rig.time.now)
        #expect(try await rig.deliver(Payload.messages(text, from: person)).status == 200)
        return try #require(rig.inbox.new.last)
    }

    @Test func `somebody without a number is answered by id, never in to`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let message = try await write(rig, .danaByID, "wamid.1")
            #expect(message.sender.phone == nil)
            _ = try await rig.send(.text("hello"), to: message.chat)
            let body = try #require(rig.graph.sent.first).json
            #expect(body["recipient"] as? String == Payload.danaID)
            #expect(body["to"] == nil)
        }
    }

    @Test func `an id that stands in place of the number is never taken for one`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let message = try await write(rig, Person(phone: Payload.danaID, userID: nil, name: "Dana"), "wamid.1")
            _ = try await rig.send(.text("hello"), to: message.chat)
            #expect(try #require(rig.graph.sent.first).json["to"] == nil)
        }
    }

    @Test func `a number and an id that come together later are one person from then on`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let first = try await write(rig, .dana, "wamid.1")
            #expect(try await write(rig, .danaWithID, "wamid.2").chat == first.chat)
            #expect(try await write(rig, .danaByID, "wamid.3").chat == first.chat)
            #expect(try await rig.count("cloud_user") == 1)
        }
    }

    @Test func `any name of a person leads to all of them`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let older = try await write(rig, .dana, "wamid.1")
            let younger = try await write(rig, .danaByID, "wamid.2")
            let joined = try await write(rig, .danaWithID, "wamid.3")
            let number = BotKit.Person.number(try #require(joined.sender.phone))
            let all: Set<BotKit.Person> = [
                number, .id(try #require(joined.sender.networkID)), .member(older.sender.id),
                .member(younger.sender.id),
            ]
            for name in all { #expect(try await rig.provider.names(of: name) == all) }
            let others = ["US.1", "15559999999", "cloud/u999", "web/1@lid"].compactMap { BotKit.Person($0) }
            for name in others { #expect(try await rig.provider.names(of: name).isEmpty, "\(name)") }
            #expect(others.count == 4)
        }
    }

    @Test func `whose rows are erased is forgotten under every name, and somebody new with the next message`()
        async throws
    {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let older = try await write(rig, .dana, "wamid.1")
            let younger = try await write(rig, .danaByID, "wamid.2")
            let joined = try await write(rig, .danaWithID, "wamid.3")
            let names = try await rig.provider.names(of: joined.sender.id)
            #expect(Set(names) == [older.sender.id, younger.sender.id])
            try await rig.database.run("DELETE FROM cloud_user")
            try await rig.database.run("DELETE FROM cloud_chat")
            await rig.provider.forget(names, in: [joined.chat])
            let next = try await write(rig, .danaWithID, "wamid.4")
            #expect(!names.contains(next.sender.id))
            #expect(try await rig.count("cloud_user") == 1)
            #expect(try await rig.count("cloud_chat") == 1)
            _ = try await rig.send(.text("hello"), to: next.chat)
            #expect(rig.graph.sent.count == 1)
        }
    }

    @Test func `two rows that turn out to be one person are joined, with all their history`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let older = try await write(rig, .dana, "wamid.1")
            let younger = try await write(rig, .danaByID, "wamid.2")
            #expect(older.chat != younger.chat)
            try await rig.database.run(
                """
                INSERT INTO chat_setting (chat, language) VALUES (\(older.chat), 'he'), (\(younger.chat), 'en')
                """)
            try await rig.database.run(
                """
                INSERT INTO dialogue (chat, member, feature, state, expires_at)
                VALUES (\(younger.chat), \(younger.sender.id), 'f', 's', 1)
                """)
            // Under the name that is given up the member wrote last.
            try await rig.database.run(
                "UPDATE cloud_chat SET last_inbound_at = 4102444800000 WHERE chat = \(younger.chat)")
            let joined = try await write(rig, .danaWithID, "wamid.3")
            #expect(joined.chat == older.chat && joined.sender.id == older.sender.id)
            let window = try await rig.database.rows("SELECT chat, last_inbound_at FROM cloud_chat")
            #expect(try window.map { try $0.text("chat") } == [older.chat.rawValue])
            #expect(try window.map { try $0.int("last_inbound_at") } == [4_102_444_800_000])
            #expect(try await rig.count("inbox WHERE chat = \(older.chat) AND member = \(older.sender.id)") == 3)
            #expect(try await rig.count("inbox") == 3)
            #expect(try await rig.count("dialogue WHERE chat = \(older.chat) AND member = \(older.sender.id)") == 1)
            let settings = try await rig.database.rows("SELECT chat, language FROM chat_setting")
            #expect(try settings.map { try $0.text("language") } == ["he"])
            #expect(try await rig.provider.presentName(of: younger.chat) == older.chat)
            #expect(try await rig.provider.presentName(of: older.chat) == older.chat)
            // A reply that was lined up under the old name still finds its way.
            _ = try await rig.send(.text("late"), to: younger.chat)
            #expect(try #require(rig.graph.sent.last).json["to"] as? String == "+\(Payload.dana)")
            // A repeat of an old webhook is still known.
            _ = try await rig.deliver(
                Payload.messages(
                    Payload.text("from wamid.2", from: .danaByID, id: "wamid.2", at: rig.time.now), from: .danaByID))
            #expect(try await rig.count("inbox") == 3)
        }
    }

    @Test func `a join that could not be stored is made with the next webhook`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let older = try await write(rig, .dana, "wamid.1")
            _ = try await write(rig, .danaByID, "wamid.2")
            rig.inbox.fail(with: DatabaseError.full)
            let text = Payload.text("a", from: .danaWithID, id: "wamid.3", at: rig.time.now)
            #expect(try await rig.deliver(Payload.messages(text, from: .danaWithID)).status == 503)
            rig.inbox.fail(with: nil)
            _ = try await write(rig, .danaWithID, "wamid.3")
            #expect(try await rig.count("inbox WHERE chat = \(older.chat)") == 3)
        }
    }

    @Test func `a number that came to somebody else does not bring the history`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let dana = try await write(rig, .danaWithID, "wamid.1")
            let stranger = try await write(rig, Person(phone: Payload.dana, userID: "US.777", name: "Omer"), "wamid.2")
            #expect(stranger.chat != dana.chat)
            // Dana is still reached, by id.
            _ = try await rig.send(.text("x"), to: dana.chat)
            #expect(try #require(rig.graph.sent.last).json["recipient"] as? String == Payload.danaID)
            #expect(try await write(rig, .danaByID, "wamid.3").sender.phone == nil)
        }
    }

    private func notice(
        _ rig: CloudRig, id: String, from person: Person = .danaWithID, to phone: String?, userID: String?,
        at time: Date? = nil
    ) async throws {
        let members = [phone.map { #""wa_id":"\#($0)""# }, userID.map { #""user_id":"\#($0)""# }].compactMap { $0 }
        let system = #""system":{"type":"user_changed_number","body":"b",\#(members.joined(separator: ","))}"#
        let message = Payload.message("system", system, from: person, id: id, at: time ?? rig.time.now)
        #expect(try await rig.deliver(Payload.body(#""messages":[\#(message)]"#)).status == 200)
    }

    @Test func `who changes the number keeps chat and history`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let before = try await write(rig, .danaWithID, "wamid.1")
            try await notice(rig, id: "wamid.S1", to: "15550000077", userID: "US.888")
            let after = try await write(rig, Person(phone: "15550000077", userID: "US.888", name: "Dana"), "wamid.2")
            #expect(after.chat == before.chat)
            #expect(after.sender.phone?.digits == "15550000077")
            // The number goes to somebody else, and the notice comes again: nobody is mixed up.
            let other = try await write(rig, Person(phone: Payload.dana, userID: "US.999", name: "Omer"), "wamid.3")
            try await notice(rig, id: "wamid.S1", to: "15550000077", userID: "US.888")
            #expect(
                try await write(rig, Person(phone: Payload.dana, userID: "US.999", name: "Omer"), "wamid.4").chat
                    == other.chat)
            #expect(other.chat != before.chat)
        }
    }

    @Test func `a repeat of a message from before its sender was re-keyed is known, and re-keys nobody`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let old = Payload.messages(
                Payload.text("a", from: .danaWithID, id: "wamid.1", at: rig.time.now), from: .danaWithID)
            let chat = try await write(rig, .danaWithID, "wamid.1").chat
            try await notice(rig, id: "wamid.S1", to: "15550000077", userID: "US.888")
            #expect(try await rig.deliver(old).status == 200)
            #expect(rig.inbox.new.count == 1)
            #expect(try await rig.count("cloud_user") == 1)
            #expect(try await rig.count("inbox") == 1)
            // The number is somebody else's by now: the repeat does not give it back.
            let omer = Person(phone: Payload.dana, userID: "US.999", name: "Omer")
            let other = try await write(rig, omer, "wamid.2").chat
            #expect(try await rig.deliver(old).status == 200)
            #expect(try await write(rig, omer, "wamid.3").chat == other && other != chat)
            _ = try await rig.send(.text("for Omer"), to: other)
            #expect(try #require(rig.graph.sent.last).json["to"] as? String == "+\(Payload.dana)")
            _ = try await rig.send(.text("for Dana"), to: chat)
            #expect(try #require(rig.graph.sent.last).json["to"] as? String == "+15550000077")
        }
    }

    @Test func `a message under another number of ours is another message, and twice in one webhook it is one`()
        async throws
    {
        let more = ["CLOUD_NUMBERS": "200:CLOUD_OTHER_TOKEN", "CLOUD_OTHER_TOKEN": "EAAother"]
        try await CloudRig.running(more, runsProviders: false) { rig async throws in
            let text = Payload.text("a", id: "wamid.1", at: rig.time.now)
            for number in [Payload.number, "200"] {
                try await rig.deliver(Payload.messages(text, text, from: .dana, number: number))
            }
            #expect(rig.inbox.new.map(\.chat.account.name) == [Payload.number, "200"])
        }
    }

    @Test func `a message that comes twice at once around a new key is one`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let text = Payload.text("a", from: .danaWithID, id: "wamid.1", at: rig.time.now)
            let body = Payload.messages(text, from: .danaWithID)
            // Stored by a delivery that this one could not see when it looked.
            let claim = CloudUpdateTable.keep(
                key: "message|\(Payload.number)|wamid.1", account: nil, kind: "message", at: rig.time.now)
            rig.inbox.storeFirst(claim)
            #expect(try await rig.deliver(body).status == 200)
            #expect(rig.inbox.new.isEmpty)
            #expect(try await rig.count("inbox") == 0)
        }
    }

    @Test func `who writes from the new number before the notice comes is joined by it`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let before = try await write(rig, .danaWithID, "wamid.1")
            let new = Person(phone: "15550000077", userID: "US.888", name: "Dana")
            #expect(try await write(rig, new, "wamid.2").chat != before.chat)
            try await notice(rig, id: "wamid.S1", to: "15550000077", userID: nil)
            #expect(try await write(rig, new, "wamid.3").chat == before.chat)
            #expect(try await rig.count("inbox WHERE chat = \(before.chat)") == 3)
        }
    }

    /// Xenia hands her number on to Dana. Meta promises no order of the two notices, and not each is sent.
    @Test(arguments: [true, false], [true, false])
    func `a number that is handed on brings nothing of who had it`(_ haveIDs: Bool, _ isInOrder: Bool) async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let (old, handed, next) = ("15550000071", "15550000072", "15550000073")
            func person(_ phone: String, _ id: String, _ name: String) -> Person {
                Person(phone: phone, userID: haveIDs ? id : nil, name: name)
            }
            let xenia = try await write(rig, person(handed, "US.91", "Xenia"), "wamid.1")
            let dana = try await write(rig, person(old, "US.11", "Dana"), "wamid.2")
            rig.time.advance(by: .seconds(60))
            let first = rig.time.now
            rig.time.advance(by: .seconds(60))
            let second = rig.time.now
            let xeniaLeaves = {
                try await notice(
                    rig, id: "wamid.S1", from: person(handed, "US.91", "Xenia"), to: next,
                    userID: haveIDs ? "US.92" : nil, at: first)
            }
            if isInOrder { try await xeniaLeaves() }
            try await notice(
                rig, id: "wamid.S2", from: person(old, "US.11", "Dana"), to: handed, userID: haveIDs ? "US.12" : nil,
                at: second)
            if !isInOrder { try await xeniaLeaves() }
            _ = try await rig.send(.text("for Dana"), to: dana.chat)
            #expect(try #require(rig.graph.sent.last).json["to"] as? String == "+\(handed)")
            #expect(try await write(rig, person(handed, "US.12", "Dana"), "wamid.3").chat == dana.chat)
            let later = try await write(rig, person(next, "US.92", "Xenia"), "wamid.4")
            #expect(later.chat != dana.chat)
            // Without ids, nobody can tell any more who she was.
            #expect((later.chat == xenia.chat) == (haveIDs || isInOrder))
            #expect(try await rig.count("inbox WHERE chat = \(dana.chat)") == 2)
        }
    }

    @Test func `a number that somebody gave up unsaid brings nothing of theirs`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let xenia = try await write(rig, Person(phone: "15550000077", userID: "US.91", name: "Xenia"), "wamid.1")
            let dana = try await write(rig, .danaWithID, "wamid.2")
            rig.time.advance(by: .seconds(60))
            try await notice(rig, id: "wamid.S1", to: "15550000077", userID: "US.888")
            let after = try await write(rig, Person(phone: "15550000077", userID: "US.888", name: "Dana"), "wamid.3")
            #expect(after.chat == dana.chat && after.chat != xenia.chat)
            #expect(try await rig.count("inbox WHERE chat = \(dana.chat)") == 2)
            let byID = try await write(rig, Person(phone: nil, userID: "US.91", name: "Xenia"), "wamid.4")
            #expect(byID.chat == xenia.chat)
        }
    }

    @Test func `a status that shows number and id together teaches the id`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open(.dana)
            try await rig.deliver(Payload.status("sent", #""recipient_user_id":"\#(Payload.danaID)""#, row: 1))
            #expect(try await write(rig, .danaByID, "wamid.2").chat == chat)
        }
    }

    @Test func `people are found again after a restart`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let chat = try await rig.open(.danaWithID)
            let fresh = CloudUserDirectory(
                database: rig.database, personalData: CloudRig.personalData, accounts: [rig.provider.account])
            let keys = Sighting.Keys(phone: nil, userID: BusinessScopedUserID(rawValue: Payload.danaID))
            let found = try await fresh.resolve(
                [Sighting(keys: keys, effect: .wrote(at: rig.time.now))], at: rig.time.now)
            #expect(found.users.first??.chat(of: rig.provider.account) == chat)
            #expect(found.writes.isEmpty)
        }
    }

    @Test func `a small cache knows everybody all the same`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let small = CloudUserDirectory(
                database: rig.database, personalData: [], accounts: [rig.provider.account], capacity: 8)
            var rows: [Int64] = []
            for round in 0..<2 {
                for person in 0..<50 {
                    let keys = Sighting.Keys(phone: .init(rawValue: "\(15_550_002_000 + person)"), userID: nil)
                    let found = try await small.resolve(
                        [Sighting(keys: keys, effect: .wrote(at: rig.time.now))], at: rig.time.now)
                    try await rig.database.transaction(found.writes)
                    await small.noteStored(found)
                    let row = try #require(found.users[0]).id
                    if round == 0 { rows.append(row) } else { #expect(rows[person] == row) }
                }
            }
        }
    }

    @Test func `people who come at once, by number and by id, while the store fails now and then, stay one each`()
        async throws
    {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            rig.inbox.fail(every: 3)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<900 {
                    let number = index % 10
                    let userID = index % 3 == 0 ? nil : "US.\(9000 + number)"
                    let phone = index % 3 == 2 ? nil : "\(15_550_003_000 + number)"
                    let person = Payload.Person(phone: phone, userID: userID, name: nil)
                    group.addTask {
                        let text = Payload.text("a", from: person, id: "wamid.\(index)", at: CloudRig.start)
                        let body = Payload.messages(text, from: person)
                        while try await rig.deliver(body).status != 200 { await Task.yield() }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await rig.count("inbox") == 900)
            #expect(try await rig.count("cloud_user WHERE merged_into IS NULL") == 10)
            #expect(try await rig.count("(SELECT phone FROM cloud_user WHERE phone IS NOT NULL GROUP BY phone)") == 10)
            #expect(try await rig.count("(SELECT bsuid FROM cloud_user WHERE bsuid IS NOT NULL GROUP BY bsuid)") == 10)
        }
    }

    @Test func `an ordinary message changes no row of a user`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            _ = try await write(rig, .danaWithID, "wamid.1")
            let before = try await rig.database.rows("SELECT revision FROM cloud_user").map { try $0.int("revision") }
            rig.time.advance(by: .seconds(3600))
            _ = try await write(rig, .danaWithID, "wamid.2")
            let after = try await rig.database.rows("SELECT revision FROM cloud_user").map { try $0.int("revision") }
            #expect(before == after)
            let last = try await rig.database.rows("SELECT last_inbound_at FROM cloud_chat")
            #expect(try last.map { try $0.date("last_inbound_at") } == [rig.time.now])
        }
    }
}
