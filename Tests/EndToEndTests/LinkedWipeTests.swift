import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

@testable import App
@testable import WhatsAppEmulator

/// What a linked account keeps of members is erased with them, in the tables of the bot and in those of the device.
@Suite(.timeLimit(.minutes(4))) struct LinkedWipeTests {
    private static let (dana, omer) = (EmulatedPhones.dana, "15550000008")

    private struct Scene {
        let phones: EmulatedPhones
        let home: TemporaryFolder
        let store: SQLiteDatabase

        func count(_ query: SQL) async throws -> Int64 { try await store.rows(query)[0].int("n") }

        func say(_ text: String, as number: String, to place: String = EmulatedPhones.bot) async throws {
            try await phones.post(
                "/phone/send", ["account": .string(number), "to": .string(place), "text": .string(text)])
        }

        /// Both addresses of a number, without what is behind the sign.
        func names(of number: String) async throws -> [String] {
            let account = try #require(
                try await phones.get("/accounts").items?.first { $0["jid"]?.text?.hasPrefix(number) == true })
            return [number, String(try #require(account["lid"]?.text).prefix { $0 != "@" })]
        }

        /// How many entries of the device name somebody, by kind.
        func entries(of number: String) async throws -> [String: Int] {
            let names = try await names(of: number)
            let rows = try await store.rows("SELECT kind, name FROM web_entry")
            return try rows.reduce(into: [:]) { counts, row in
                let name = try row.text("name")
                if names.contains(where: { name.contains($0) }) { counts[try row.text("kind"), default: 0] += 1 }
            }
        }

        /// Waits until a member's phone shows what ends so: in a group the model is told who asks.
        func shows(ending text: String, at number: String) async throws {
            _ = try await eventually("the phone shows \(text)") {
                try await phones.control.texts(of: number).contains { $0.hasPrefix("echo: ") && $0.hasSuffix(text) }
                    ? true : nil
            }
        }

        /// The code of the wipe that was asked for.
        func code() async throws -> String {
            try await eventually("the question") {
                try await store.rows("SELECT code FROM data_wipe").first?.text("code")
            }
        }
    }

    private func running(_ body: @escaping @Sendable (Scene, MartletProcess) async throws -> Void) async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        let link = try MartletProcess(["link", "--plain"], home: home, environment: phones.environment)
        try await phones.scan(try await link.code())
        #expect(try await link.exitStatus() == 0, "\(link.errors)")
        try await ModelStub.serving { _, settings in
            let bot = try MartletProcess(
                ["run"], home: home, environment: phones.environment.merging(settings) { $1 })
            for number in [Self.dana, Self.omer] {
                try await phones.post("/account", ["number": .string(number), "name": .string("name of \(number)")])
            }
            try await phones.write("OTHER hello", from: Self.omer)
            try await phones.shows("echo: OTHER hello", at: Self.omer)
            var options = SQLiteDatabase.Options()
            options.isOnlyInstance = false
            let store = try SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite"), options)
            try await body(Scene(phones: phones, home: home, store: store), bot)
            try await store.close()
            bot.signal(SIGTERM)
            #expect(try await bot.exitStatus() == 0)
        }
    }

    @Test func `a wipe leaves neither number nor hidden id, and who writes again is read at once`() async throws {
        try await running { scene, bot in
            let group = try #require(
                try await scene.phones.post(
                    "/phone/group",
                    [
                        "account": .string(Self.omer), "subject": "Lab",
                        "participants": [.string(EmulatedPhones.bot), .string(Self.dana)],
                    ])["jid"]?.text)
            for round in 1...3 {
                try await scene.say("MARKER-\(round) hello", as: Self.dana)
                try await scene.phones.shows("echo: MARKER-\(round) hello")
            }
            try await scene.say("!gpt OTHER in the group", as: Self.omer, to: group)
            try await scene.shows(ending: "OTHER in the group", at: Self.omer)
            try await scene.say("!gpt MARKER in the group", as: Self.dana, to: group)
            try await scene.shows(ending: "MARKER in the group", at: Self.dana)
            try await scene.say("!wipe", as: Self.dana)
            let code = try await scene.code()

            // Every table of linked accounts that can hold something about her does so.
            let names = try await scene.names(of: Self.dana)
            for table in ["web_user", "web_chat"] as [SQLName] {
                #expect(
                    try await scene.count(
                        "SELECT COUNT(*) AS n FROM \(name: table) WHERE member LIKE \("%" + names[1] + "%")") == 1)
            }
            _ = try await eventually("the poll, and all that the device keeps") {
                let kinds = try await Set(scene.entries(of: Self.dana).keys)
                let polls = try await scene.count(
                    "SELECT COUNT(*) AS n FROM web_poll WHERE chat LIKE \("%" + names[1] + "%")")
                return kinds == ["session", "senderKey", "alias", "connection"] && polls == 1 ? true : nil
            }
            let copies = try await scene.count("SELECT COUNT(*) AS n FROM web_entry WHERE kind = 'sentMessage'")
            let others = try await scene.entries(of: Self.omer)
            for word in ["MARKER"] + names { #expect(try !scene.home.files(holding: word).isEmpty, "\(word)") }

            try await scene.say("!wipe \(code)", as: Self.dana)
            _ = try await eventually("the receipt") {
                try await scene.phones.control.texts(of: Self.dana).contains { $0.contains("Hash of the entry") }
                    ? true : nil
            }
            let left = names + ["MARKER", "name of \(Self.dana)"]
            _ = try await eventually("nothing is left", within: .patience * 3) {
                guard try await scene.count("SELECT COUNT(*) AS n FROM job") == 0 else { return nil as Bool? }
                return try left.allSatisfy { try scene.home.files(holding: $0).isEmpty } ? true : nil
            }
            #expect(try await scene.entries(of: Self.dana) == [:])
            for word in left { #expect(!bot.lines.joined().contains(word), "\(word)") }
            // Of copies that could be sent again, those of others alone: two for Omer.
            #expect(copies > 4)
            #expect(try await scene.count("SELECT COUNT(*) AS n FROM web_entry WHERE kind = 'sentMessage'") == 2)
            #expect(try await scene.entries(of: Self.omer) == others)
            #expect(try !scene.home.files(holding: "OTHER in the group").isEmpty)

            // Her phone goes on with the keys that it has: what it sends is asked for again, and lost is nothing.
            for text in ["back", "and again"] {
                try await scene.say(text, as: Self.dana)
                try await scene.phones.shows("echo: \(text)")
            }
            try await scene.say("!gpt back in the group", as: Self.dana, to: group)
            try await scene.shows(ending: "back in the group", at: Self.dana)
            for sign in ["REUSED", "could NOT"] { #expect(try await scene.phones.control.log(sign).isEmpty) }
        }
    }

    @Test func `what is erased of one group leaves no copy that could be sent there again`() async throws {
        try await running { scene, _ in
            let group = try #require(
                try await scene.phones.post(
                    "/phone/group",
                    [
                        "account": .string(Self.dana), "subject": "Lab",
                        "participants": [.string(EmulatedPhones.bot)],
                    ])["jid"]?.text)
            try await scene.say("!gpt MARKER in the group", as: Self.dana, to: group)
            try await scene.shows(ending: "MARKER in the group", at: Self.dana)
            try await scene.say("direct", as: Self.dana)
            try await scene.phones.shows("echo: direct")
            try await scene.say("!wipe", as: Self.dana, to: group)
            try await scene.say("!wipe \(try await scene.code())", as: Self.dana, to: group)
            _ = try await eventually("nothing is left", within: .patience * 3) {
                guard try await scene.count("SELECT COUNT(*) AS n FROM data_wipe") == 0 else { return nil as Bool? }
                return try scene.home.files(holding: "MARKER").isEmpty ? true : nil
            }
            // To Omer, and to her directly.
            #expect(try await scene.count("SELECT COUNT(*) AS n FROM web_entry WHERE kind = 'sentMessage'") == 2)
            #expect(try await scene.entries(of: Self.dana)["session"] == 1)
        }
    }
}
