import Foundation
import TestKit
import Testing

/// What `!why` and `martlet why` tell, over the whole product.
@Suite(.timeLimit(.minutes(5))) struct WhyTests {
    private static let owner = "15550000001"
    private static let dana = "15550000002"

    private struct Line: Decodable {
        var id: String?
        var text: String?
    }

    /// A bot with an owner, to whom people write in direct chats and in a group.
    private struct Scene {
        let process: MartletProcess
        private var next = 0
        private var count = 0

        init(_ environment: [String: String], _ home: TemporaryFolder) throws {
            process = try MartletProcess(
                ["chat", "--json", "--manual-clock"], home: home,
                environment: environment.merging(["OWNER_PHONE_NUMBERS": owner, "SEND_LIMIT_PER_CHAT": "0"]) { $1 })
        }

        /// What is answered to one message.
        mutating func says(
            _ person: String, _ text: String, id: String? = nil, quoting quote: String? = nil, in group: String? = nil,
            _ more: [String: Any] = [:]
        ) async throws -> [Line] {
            count += 1
            var line: [String: Any] = ["from": person, "text": text, "id": id ?? "own-\(count)"]
            if let quote { line["quote"] = quote }
            if let group { (line["chat"], line["group"]) = (group, true) }
            line.merge(more) { $1 }
            let json = try JSONSerialization.data(withJSONObject: line)
            try process.send(String(decoding: json, as: UTF8.self))
            return try await untilIdle()
        }

        mutating func pass(_ seconds: Int) async throws -> [Line] {
            try process.send(#"{"advance":\#(seconds)}"#)
            return try await untilIdle()
        }

        private mutating func untilIdle() async throws -> [Line] {
            let idle = try await process.line(from: next) { $0 == #"{"idle":true}"# || $0.contains(#""error""#) }
            let lines = try process.lines[next..<idle].map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
            next = idle + 1
            return lines
        }

        /// What `!why` says, without the marks of direction.
        mutating func why(_ person: String, _ quote: String?, in group: String? = nil, _ word: String = "!why")
            async throws -> String
        {
            let lines = try await says(person, word, quoting: quote, in: group)
            return lines.compactMap(\.text).joined(separator: "\n").filter { !("\u{2066}"..."\u{2069}").contains($0) }
        }

        func end() async throws {
            process.closeInput()
            #expect(try await process.exitStatus() == 0, "\(process.errors)")
        }
    }

    @Test func `in a direct chat, for its member and in both languages`() async throws {
        try await ModelStub.serving { _, environment in
            var scene = try Scene(
                environment.merging(["MAX_MESSAGE_LENGTH": "60", "SETTLE_MILLISECONDS": "400"]) { $1 },
                try TemporaryFolder())
            _ = try await scene.says(Self.dana, "hello", id: "q1")
            let answer = try await scene.pass(1)
            #expect(try await scene.why(Self.dana, "q1") == "I answered that message.")
            #expect(try await scene.why(Self.dana, answer.first?.id) == "I answered that message.")
            #expect(
                try await scene.why(Self.dana, nil)
                    == "About your last message:\nI answered that message.")
            #expect(try await scene.why(Self.dana, "nothing").hasPrefix("I do not have that message"))
            for id in ["b1", "b2"] { _ = try await scene.says(Self.dana, "burst", id: id) }
            _ = try await scene.pass(1)
            #expect(try await scene.why(Self.dana, "b2").contains("one of 2 messages"))
            _ = try await scene.says(Self.dana, String(repeating: "long ", count: 20), id: "long")
            _ = try await scene.pass(1)
            #expect(try await scene.why(Self.dana, "long").hasPrefix("It was too long."))
            _ = try await scene.says(Self.dana, "!audit", id: "denied")
            #expect(try await scene.why(Self.dana, "denied").contains("does not have the permission"))
            _ = try await scene.says(Self.dana, "!activation always", id: "place")
            #expect(try await scene.why(Self.dana, "place").contains("permission"))
            _ = try await scene.says(Self.dana, "old", id: "old", ["sent_at": 1_000])
            _ = try await scene.pass(1)
            #expect(try await scene.why(Self.dana, "old").hasPrefix("It reached me too late"))
            let known = try await scene.why(Self.dana, "why-not-known")
            #expect(known.hasPrefix("I do not have that message"))

            _ = try await scene.says(Self.dana, "שלום לך", id: "he")
            _ = try await scene.pass(1)
            #expect(try await scene.why(Self.dana, "he") == "עניתי על ההודעה הזאת.")
            #expect(try await scene.why(Self.dana, "old", "!למה").hasPrefix("היא הגיעה אליי מאוחר"))
            #expect(try await scene.why(Self.dana, "long", "/why").hasPrefix("היא הייתה ארוכה מדי"))
            #expect(try await scene.why(Self.dana, "denied", "!למה").contains("אין את ההרשאה"))
            #expect(try await scene.why(Self.dana, "b1", "!למה").contains("אחת מ-2 הודעות"))
            try await scene.end()
        }
    }

    @Test func `in a group, what concerns oneself, and all to the owner`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try Scene(environment, home)
            let group = "team"
            _ = try await scene.says(Self.dana, "lunch?", id: "said", in: group)
            #expect(
                try await scene.why(Self.dana, "said", in: group).hasPrefix("It did not turn to me: in this group"))
            #expect(try await scene.why("15550000003", "said", in: group).hasPrefix("What became of a message I tell"))
            #expect(try await scene.why(Self.owner, "said", in: group).contains("GROUP_ACTIVATION"))
            _ = try await scene.says(Self.dana, "!otherbot do", id: "other", in: group)
            #expect(try await scene.why(Self.dana, "other", in: group).contains("other bots"))
            _ = try await scene.says(Self.dana, "!admin-login", id: "login", in: group)
            #expect(try await scene.why(Self.owner, "login", in: group).contains("!role assign"))
            _ = try await scene.says(Self.owner, "!activation prefix", in: group)
            _ = try await scene.says(Self.dana, "@martlet lunch?", id: "prefix", in: group)
            #expect(try await scene.why(Self.dana, "prefix", in: group).hasPrefix("It did not begin with a command"))
            _ = try await scene.says(Self.owner, "!deny \(Self.dana) 1h")
            _ = try await scene.says(Self.dana, "!gpt hello", id: "kept", in: group)
            #expect(try await scene.why(Self.owner, "kept", in: group).contains("!unblock NUMBER"))
            #expect(try await scene.why(Self.dana, "kept", in: group).isEmpty)
            _ = try await scene.says(Self.owner, "!unblock \(Self.dana)")
            #expect(
                try await scene.why(Self.dana, "kept", in: group)
                    == "I was not answering its sender then. Whoever runs me can change that.")
            _ = try await scene.says(Self.owner, "!deny group", in: group)
            _ = try await scene.says(Self.dana, "!gpt hello", id: "group", in: group)
            #expect(try await scene.why(Self.owner, "group", in: group).contains("!allow group"))
            _ = try await scene.says(Self.owner, "!gpt שלום לכולם", in: group)
            #expect(try await scene.why(Self.owner, "group", in: group, "!למה").contains("!allow group מבטל"))
            #expect(try await scene.why(Self.owner, "kept", in: group, "!למה").contains("!deny לגבי"))
            try await scene.end()

            let audit = try await finish(["audit", "last", "--limit", "100"], home: home)
            #expect(audit.output.contains("explain_others"))
        }
    }

    @Test func `the command line tells of a message, of our answer, and of an apology's reference`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            let nothing = try await finish(["why", "q1"], home: home)
            #expect(nothing.status == 78 && !FileManager.default.fileExists(atPath: home.data.path))
            var scene = try Scene(
                environment.merging(["ACCESS_POLICY": "allowlist", "SETTLE_MILLISECONDS": "0"]) { $1 }, home)
            _ = try await scene.says(Self.dana, "hello", id: "q1")
            let answer = try await scene.says(Self.owner, "hello", id: "q2")
            // Beside the running bot.
            let kept = try await finish(["why", "q1"], home: home)
            #expect(kept.status == 0 && kept.output.contains("step guard  reason policy_allowlist"), "\(kept)")
            #expect(kept.output.contains("!allow NUMBER lets in") && !kept.output.contains(Self.dana))
            let ours = try await finish(["why", try #require(answer.first?.id)], home: home)
            #expect(ours.output.contains("reason answered  feature chat"), "\(ours)")
            let reference = try #require(ours.output.firstMatch(of: /reference ([0-9A-Z]+)/)).1
            for name in [String(reference), reference.lowercased()] {
                let found = try await finish(["why", name, "--chat", "console:local/\(Self.owner)"], home: home)
                let all = try await finish(["why", name], home: home)
                #expect(all.output.contains("reason answered"), "\(all) \(found)")
            }
            let elsewhere = try await finish(["why", "q1", "--chat", "console:local/nobody"], home: home)
            #expect(elsewhere.status == 1 && elsewhere.output.contains("no such message"))
            try await scene.end()
            #expect(try await finish(["why", "q2"], home: home).status == 0)
            #expect(try await finish(["why", ""], home: home).status == 64)
        }
    }
}
