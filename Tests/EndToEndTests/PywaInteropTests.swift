import BotKit
import Foundation
import StoreSQLite
import Testing
import TestKit

@testable import WhatsAppEmulator

/// pywa 4.5.0, an independent client and signature checker, agrees with the whole bot.
@Suite struct PywaInteropTests {
    @Test func `webhooks of every kind that pywa accepts are taken, and what can be answered is`() async throws {
        let home = try TemporaryFolder()
        try await CloudBot.running(over: home) { bot in
            // The emulator does not see what pywa delivers, and would hold the service window for closed.
            await bot.emulator.setWindow(.off)
            let end = try await PythonPeers.run(
                "pywa_deliver.py", [bot.webhook, bot.emulator.configuration.appSecret, CloudBot.user])
            #expect(end.status == 0, "\(end)")
            let expected = [
                "echo: שלום 🙂 @martlet https://example.org/a?b=c", "echo: a reply", "echo: forwarded",
            ]
            await #expect(throws: Never.self) {
                try await eventually("the texts are answered") {
                    let texts = await bot.texts
                    let isComplete =
                        expected.allSatisfy(texts.contains) && texts.contains { $0.hasPrefix("echo: Office") }
                    // Every kind but reactions, the number's change and what Meta itself cannot name has an answer.
                    return isComplete && texts.count >= 14 ? true : nil
                }
            }
            let texts = await bot.texts
            #expect(expected.allSatisfy(texts.contains), "\(texts)")
            #expect(texts.filter { $0.hasPrefix("echo: Office") }.count == 1)
            #expect(texts.filter { $0 == expected[0] }.count == 1)
            #expect(bot.process.lines.allSatisfy { !$0.contains(#""level":"error""#) }, "\(bot.process.lines)")
        }
        // Each body came twice, and the number changed in between.
        let database = try SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite"))
        let rows = try await database.rows("SELECT message_id, COUNT(*) AS n FROM inbox GROUP BY message_id")
        #expect(try rows.allSatisfy { try $0.int("n") == 1 })
        #expect(rows.count == 18)
        #expect(try await database.rows("SELECT id FROM inbox WHERE state IN ('received', 'failed')").isEmpty)
        try await database.close()
    }

    @Test func `our calls are those that pywa makes for the same sends`() async throws {
        try await CloudBot.running { bot in
            let id = try await bot.emulator.receive(text: "hello", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            let menu = try await bot.emulator.receive(text: "!hlep", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(2, within: .patience))
            let ours = try await bot.emulator.sent().map { try normal($0.body) }
            let question = try #require(ours[1]["interactive"] as? [String: Any])["body"] as? [String: Any]
            let sends: [[String: Any]] = [
                ["send": "text", "to": CloudBot.user, "text": "echo: hello", "reply_to": id],
                [
                    "send": "buttons", "to": CloudBot.user, "text": question?["text"] ?? "", "reply_to": menu,
                    "buttons": [["!help", "Yes, !help"]],
                ],
            ]
            #expect(ours == (try await theirs(sends)))
        }
    }

    @Test func `links, requests for the position and templates are those that pywa sends`() async throws {
        let home = try TemporaryFolder()
        try await CloudBot.running(over: home) { bot in
            _ = try await bot.emulator.receive(text: "hello", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
        }
        try await park(
            [
                .link(text: "See", label: "Open", url: "https://example.org/x?y=1"), .locationRequest(text: "Where?"),
                .template(name: "greeting", languageCode: "en_US", values: ["Dana"], text: "Hi Dana"),
            ], in: home)
        try await CloudBot.running(over: home) { bot in
            let account = bot.emulator.configuration.numbers[0].accountID
            try await bot.emulator.world.update {
                $0.accounts.store(
                    try MessageTemplate(["name": "greeting", "language": "en_US", "body": "Hi {{1}}"]),
                    account: account)
            }
            // When the member writes, what was parked goes out.
            _ = try await bot.emulator.receive(text: "again", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(4, within: .patience))
            let ours = try await bot.emulator.sent().filter { $0.text != "echo: again" }.map { try normal($0.body) }
            let sends: [[String: Any]] = [
                [
                    "send": "url_button", "to": CloudBot.user, "text": "See", "title": "Open",
                    "url": "https://example.org/x?y=1",
                ],
                ["send": "request_location", "to": CloudBot.user, "text": "Where?"],
                [
                    "send": "template", "to": CloudBot.user, "name": "greeting", "language": "en_US",
                    "parameters": ["Dana"],
                ],
            ]
            #expect(ours == (try await theirs(sends)))
        }
    }

    @Test func `lists, reactions and files are those that pywa sends`() async throws {
        let home = try TemporaryFolder()
        try await CloudBot.running(over: home) { bot in
            _ = try await bot.emulator.receive(text: "hello", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
        }
        let options = ["Tea", "Coffee", "Water", "Juice"].map { RenderedReply.Option(id: "drink.\($0)", title: $0) }
        let target = "wamid.HBgLMTU1NTAwMDAxMDEVAgASGBQzQUFBQUFBQUFBQUFBQUFBQUFBAA=="
        let files = try samples(in: home)
        try await park(
            [
                .menu(question: "What to drink?", options: options),
                .reaction(to: MessageID(rawValue: target), emoji: "👍"),
                .reaction(to: MessageID(rawValue: target), emoji: ""),
            ] + files.map { .media($0) }, in: home)
        try await CloudBot.running(over: home) { bot in
            _ = try await bot.emulator.receive(text: "again", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(4 + files.count, within: .seconds(60)))
            let sent = await bot.emulator.sent().filter { $0.text != "echo: again" }
            let ours = try sent.map { try normal($0.body) }
            let rows = options.map { [$0.id, $0.title] }
            var sends: [[String: Any]] = [
                [
                    "send": "list", "to": CloudBot.user, "text": "What to drink?", "button": "Choose",
                    "sections": [["", rows]],
                ],
                ["send": "reaction", "to": CloudBot.user, "message_id": target, "emoji": "👍"],
                ["send": "remove_reaction", "to": CloudBot.user, "message_id": target],
            ]
            for (file, message) in zip(files, sent.dropFirst(3)) {
                let id = try #require(message.json?[message.kind]?["id"]?.text)
                var send: [String: Any] = ["send": file.kind.rawValue, "to": CloudBot.user, "media": id]
                send["caption"] = file.caption
                send["filename"] = file.fileName
                sends.append(send)
            }
            let theirs = try await theirs(sends)
            for (our, their) in zip(ours, theirs) { #expect(our == their) }
            #expect(ours.count == theirs.count)
        }
    }

    @Test func `the notes that a message was read, and that we type, are those that pywa sends`() async throws {
        try await CloudBot.running { bot in
            let read = try await bot.emulator.receive(text: "!help", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            let notes = SentFilter(outcomes: [.receipt])
            #expect(await bot.emulator.waitForSent(1, notes, within: .patience))
            let typed = try await bot.emulator.receive(text: "hello", from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(2, notes, within: .patience))
            let ours = try await bot.emulator.sent(notes).map { try normal($0.body) }
            let sends: [[String: Any]] = [
                ["send": "read", "message_id": read], ["send": "typing", "message_id": typed],
            ]
            #expect(ours == (try await theirs(sends)))
        }
    }

    /// A file of each kind that has a form of its own.
    private func samples(in home: TemporaryFolder) throws -> [OutgoingMedia] {
        func file(_ name: String, _ start: [UInt8]) throws -> URL {
            let url = home.url.appending(path: name)
            try Data(start + [UInt8](repeating: 0, count: 64)).write(to: url)
            return url
        }
        let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46, 0x49, 0x46]
        let ogg = Array("OggS".utf8)
        return [
            OutgoingMedia(kind: .image, file: try file("a.jpg", jpeg), mimeType: "image/jpeg", caption: "A kingfisher"),
            OutgoingMedia(
                kind: .document, file: try file("b.pdf", Array("%PDF-1.7\n".utf8)), mimeType: "application/pdf",
                caption: "As asked", fileName: "plan.pdf"),
            OutgoingMedia(kind: .voice, file: try file("c.ogg", ogg), mimeType: "audio/ogg; codecs=opus"),
            OutgoingMedia(kind: .audio, file: try file("d.ogg", ogg), mimeType: "audio/ogg"),
            OutgoingMedia(
                kind: .video, file: try file("e.mp4", [0, 0, 0, 24] + Array("ftypmp42".utf8)), mimeType: "video/mp4"),
            OutgoingMedia(
                kind: .sticker, file: try file("f.webp", Array("RIFF".utf8) + [60, 0, 0, 0] + Array("WEBP".utf8)),
                mimeType: "image/webp"),
        ]
    }

    /// Stores replies that wait until the member of the only chat writes.
    private func park(_ replies: [RenderedReply.Content], in home: TemporaryFolder) async throws {
        let database = try SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite"))
        let last = try #require(try await database.rows("SELECT id, chat FROM outbox ORDER BY id DESC LIMIT 1").first)
        for (index, content) in replies.enumerated() {
            let reply = try JSONEncoder().encode(RenderedReply(content: content))
            try await database.run(
                """
                INSERT INTO outbox (id, chat, payload, state, not_before, created_at)
                VALUES (\(try last.int("id") + Int64(index) + 1), \(try last.text("chat")),
                    \(String(decoding: reply, as: UTF8.self)), 'parked', \(Date()), \(Date()))
                """)
        }
        try await database.close()
    }

    /// The bodies that pywa makes of `sends`.
    private func theirs(_ sends: [[String: Any]]) async throws -> [NSDictionary] {
        let input = try sends.map { String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self) }
        let end = try await PythonPeers.run(
            "pywa_bodies.py", input: Array((input.joined(separator: "\n") + "\n").utf8))
        #expect(end.status == 0, "\(end.errors)")
        return try end.output.split(separator: "\n").map { line -> NSDictionary in
            let call = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let body = try JSONSerialization.data(withJSONObject: call?["body"] ?? [:])
            return try normal(String(decoding: body, as: UTF8.self))
        }
    }

    /// The body without what may differ: the plus sign of a number, our callback data, members that are null or
    /// default.
    private func normal(_ body: String) throws -> NSDictionary {
        var json = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        json["biz_opaque_callback_data"] = nil
        json["to"] = (json["to"] as? String)?.replacing("+", with: "")
        json = json.filter { !($0.value is NSNull) }
        if var text = json["text"] as? [String: Any] {
            if text["preview_url"] as? Bool == false { text["preview_url"] = nil }
            json["text"] = text
        }
        if var interactive = json["interactive"] as? [String: Any],
            var action = interactive["action"] as? [String: Any],
            var sections = action["sections"] as? [[String: Any]], sections.count == 1
        {
            // Meta wants the title of a section only where there are several; pywa cannot leave it out.
            sections[0]["title"] = nil
            action["sections"] = sections
            interactive["action"] = action
            json["interactive"] = interactive
        }
        if var template = json["template"] as? [String: Any], var parts = template["components"] as? [[String: Any]] {
            // pywa writes the kinds of components in capitals, Meta's pages in small letters.
            for index in parts.indices { parts[index]["type"] = (parts[index]["type"] as? String)?.lowercased() }
            template["components"] = parts
            json["template"] = template
        }
        return json as NSDictionary
    }
}
