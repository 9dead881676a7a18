import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

/// The whole product as a script sees it: real process, real store, real HTTP to the model.
@Suite struct ChatJSONTests {
    private struct Line: Decodable {
        struct Option: Decodable { var id: String; var title: String }
        var chat: String?
        var kind: String?
        var id: String?
        var text: String?
        var quote: String?
        var menu: [Option]?
        var idle: Bool?
        var error: String?
    }

    /// Talks, a turn at a time, and gives the lines of each turn.
    private func talk(
        _ lines: [String], arguments: [String] = [], home: TemporaryFolder, environment: [String: String]
    ) async throws -> [[Line]] {
        let process = try MartletProcess(["chat", "--json"] + arguments, home: home, environment: environment)
        var turns: [[Line]] = []
        var next = 0
        for line in lines {
            try process.send(line)
            let idle = try await process.line(from: next) { $0 == #"{"idle":true}"# || $0.contains(#""error""#) }
            turns.append(
                try process.lines[next...idle].map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
                    .filter { $0.idle == nil })
            next = idle + 1
        }
        process.closeInput()
        #expect(try await process.exitStatus() == 0, "\(process.errors)")
        return turns
    }

    @Test func `answers through a real model server and quotes the question`() async throws {
        try await ModelStub.serving { _, environment in
            let turns = try await talk(
                [#"{"id":"q1","text":"hello"}"#], home: try TemporaryFolder(), environment: environment)
            #expect(turns[0].map(\.text) == ["echo: hello"])
            #expect(turns[0].first?.kind == "text")
            #expect(turns[0].first?.quote == "q1")
        }
    }

    @Test func `keeps the conversation over a restart and forgets it on reset`() async throws {
        try await ModelStub.serving { stub, environment in
            let home = try TemporaryFolder()
            _ = try await talk([#"{"text":"first"}"#], home: home, environment: environment)
            let turns = try await talk(
                [#"{"text":"second"}"#, #"{"text":"!reset"}"#, #"{"text":"third"}"#], home: home,
                environment: environment)
            #expect(stub.questions[1].map(\.text) == ["first", "echo: first", "second"])
            #expect(turns[1].first?.text?.contains("reset") == true)
            #expect(stub.questions[2].map(\.text) == ["third"])
        }
    }

    @Test func `a group hears the bot only when it is addressed`() async throws {
        try await ModelStub.serving { _, environment in
            let turns = try await talk(
                [
                    #"{"text":"lunch?"}"#, #"{"text":"@martlet lunch?"}"#, #"{"text":"!gpt lunch?"}"#,
                    #"{"text":"!lunch"}"#,
                ], arguments: ["--group", "team"], home: try TemporaryFolder(), environment: environment)
            #expect(turns.map(\.count) == [0, 1, 1, 0])
        }
    }

    @Test func `quoting the bot gives the model the quoted words`() async throws {
        try await ModelStub.serving { stub, environment in
            let home = try TemporaryFolder()
            let first = try await talk([#"{"text":"name a bird"}"#], home: home, environment: environment)
            let id = try #require(first[0].first?.id)
            _ = try await talk([#"{"text":"why that one?","quote":"\#(id)"}"#], home: home, environment: environment)
            #expect(stub.questions[1].last?.text.contains("echo: name a bird") == true)
        }
    }

    @Test func `a mistyped command is suggested, and its number runs it`() async throws {
        try await ModelStub.serving { _, environment in
            let turns = try await talk(
                [#"{"text":"!hlep"}"#, #"{"text":"1"}"#], home: try TemporaryFolder(), environment: environment)
            #expect(turns[0].first?.menu?.first?.id == "!help")
            #expect(turns[1].first?.text?.contains("!gpt") == true)
        }
    }

    @Test func `in a group, too, the number of a suggestion runs it`() async throws {
        try await ModelStub.serving { _, environment in
            let turns = try await talk(
                [#"{"text":"!hlep"}"#, #"{"text":"1","from":"15550000002"}"#, #"{"text":"1"}"#],
                arguments: ["--group", "team"], home: try TemporaryFolder(), environment: environment)
            #expect(turns.map(\.count) == [1, 0, 1])
            #expect(turns[2].first?.text?.contains("!gpt") == true)
        }
    }

    @Test func `where a prefix is asked for, an image without one is left alone`() async throws {
        try await ModelStub.serving { stub, environment in
            var environment = environment
            environment["PREFIX_ENABLED"] = "true"
            let home = try TemporaryFolder()
            let image = home.url.appending(path: "a.png")
            try Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]).write(to: image)
            let voice = home.url.appending(path: "a.ogg")
            try Data("OggS".utf8).write(to: voice)
            let turns = try await talk(
                [
                    #"{"text":"hello"}"#, #"{"media":"\#(image.path)"}"#, #"{"media":"\#(voice.path)"}"#,
                    #"{"media":"\#(image.path)","text":"what is this?"}"#,
                    #"{"media":"\#(image.path)","text":"!gpt what is this?"}"#, #"{"text":"!gpt hello"}"#,
                ], home: home, environment: environment)
            #expect(turns.map(\.count) == [0, 0, 0, 0, 2, 1])
            #expect(stub.questions.count == 2)
        }
    }

    @Test(arguments: ["openai", "anthropic"])
    func `an answer that reached the limit of its length says so, whoever answers`(_ provider: String) async throws {
        try await ModelStub.serving { _, environment in
            let base = environment["OPENAI_BASE_URL"]?.replacing("/v1", with: "")
            let settings = ["LLM_PROVIDER": provider, "ANTHROPIC_BASE_URL": base ?? "", "ANTHROPIC_API_KEY": "sk-test"]
            let turns = try await talk(
                [#"{"text":"cut"}"#, #"{"text":"whole"}"#], home: try TemporaryFolder(),
                environment: environment.merging(settings) { $1 })
            #expect(turns[0].count == 1 && turns[0].first?.text?.hasPrefix("echo: cut\n\n(") == true)
            #expect(turns[1].map(\.text) == ["echo: whole"])
        }
    }

    @Test func `help speaks the member's language`() async throws {
        try await ModelStub.serving { _, environment in
            let turns = try await talk(
                [#"{"text":"שלום לך"}"#, #"{"text":"!help"}"#, #"{"text":"/עזרה"}"#], home: try TemporaryFolder(),
                environment: environment)
            #expect(turns[1].first?.text?.contains("שיחה חדשה") == true)
            #expect(turns[2].first?.text == turns[1].first?.text)
        }
    }

    @Test func `stop ends the answer that is being made`() async throws {
        try await ModelStub.serving { stub, environment in
            let process = try MartletProcess(["chat", "--json"], home: try TemporaryFolder(), environment: environment)
            try process.send(#"{"text":"wait 60000"}"#)
            _ = try await eventually("the model is asked") { stub.questions.isEmpty ? nil : true }
            try process.send(#"{"text":"!stop"}"#)
            try await process.line { $0.contains("Stopped.") }
            try await process.line { $0 == #"{"idle":true}"# }
            #expect(!process.lines.contains { $0.contains("echo:") })
        }
    }

    @Test func `odd texts have a clear outcome each`() async throws {
        try await ModelStub.serving { stub, environment in
            let long = String(repeating: "x", count: 100_000)
            let turns = try await talk(
                [
                    #"{"text":""}"#, #"{"text":"  \u200f "}"#, #"{"text":"🙂👨‍👩‍👧"}"#, #"{"text":"\u0301\u0301"}"#,
                    #"{"text":"abc\u202edef"}"#, #"{"text":"\#(long)"}"#,
                ], home: try TemporaryFolder(), environment: environment)
            #expect(turns[0].isEmpty && turns[1].isEmpty)
            #expect(turns[2].first?.text == "echo: 🙂👨‍👩‍👧")
            #expect(turns[3].count == 1)
            #expect(turns[4].first?.text == "echo: abcdef")
            #expect(turns[5].first?.text?.contains("16000") == true)
        }
    }

    @Test(arguments: [
        "no json", #"{"text":5}"#, "[]", #"{"advance":1}"#, #"{"media":"/nowhere.png"}"#, #"{"choice":""}"#,
        #"{"advance":60,"text":"x"}"#,
    ])
    func `a bad line says what is wrong and changes nothing`(_ line: String) async throws {
        try await ModelStub.serving { stub, environment in
            let turns = try await talk([line], home: try TemporaryFolder(), environment: environment)
            #expect(turns[0].first?.error != nil)
            #expect(stub.questions.isEmpty)
        }
    }

    @Test func `the clock moves by hand, and work that waited for it runs`() async throws {
        try await ModelStub.serving { _, environment in
            var environment = environment
            environment["SETTLE_MILLISECONDS"] = "400"
            let turns = try await talk(
                [#"{"text":"one"}"#, #"{"text":"two"}"#, #"{"advance":1}"#], arguments: ["--manual-clock"],
                home: try TemporaryFolder(), environment: environment)
            #expect(turns.map(\.count) == [0, 0, 1])
            #expect(turns[2].first?.text == "echo: one\ntwo")
        }
    }

    @Test func `a clock that moves by hand is kept away from what other networks stored`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            _ = try await talk([#"{"text":"one"}"#], home: home, environment: environment)
            let own = try await talk(
                [#"{"advance":60}"#], arguments: ["--manual-clock"], home: home, environment: environment)
            #expect(own[0].isEmpty)
            let others: [(insert: SQL, removal: SQL)] = [
                (
                    """
                    INSERT INTO outbox (id, chat, payload, state, not_before, created_at)
                    VALUES (1, 'cloud:1/u1', '{}', 'queued', 0, 0)
                    """, "DELETE FROM outbox WHERE id = 1"
                ),
                (
                    "INSERT INTO cloud_media (account, hash, media_id, uploaded_at) VALUES ('cloud:1', 'h', 'm', 0)",
                    "DELETE FROM cloud_media"
                ),
            ]
            for (insert, removal) in others {
                let database = try SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite"))
                try await database.run(insert)
                try await database.close()
                let process = try MartletProcess(
                    ["chat", "--json", "--manual-clock"], home: home, environment: environment)
                try process.send(#"{"advance":2764800}"#)
                process.closeInput()
                #expect(try await process.exitStatus() == 78)
                #expect(process.errors.contains("--manual-clock") && process.errors.contains("MARTLET_HOME"))
                let again = try SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite"))
                #expect(try await again.run(removal) == 1)
                try await again.close()
            }
            #expect(try await talk([#"{"text":"two"}"#], home: home, environment: environment)[0].count == 1)
        }
    }
}
