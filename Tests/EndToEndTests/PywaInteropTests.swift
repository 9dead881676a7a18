import Foundation
import TestKit
import Testing

@testable import WhatsAppEmulator

/// pywa 4.5.0, an independent client and signature checker, agrees with the whole bot.
@Suite struct PywaInteropTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let python =
        ProcessInfo.processInfo.environment["MARTLET_TEST_PYTHON"] ?? root.appending(path: ".venv/bin/python").path

    /// Runs one of the interop scripts.
    private func script(_ name: String, _ arguments: [String], input: String = "") throws -> (Int32, String) {
        try #require(
            FileManager.default.isExecutableFile(atPath: Self.python), "the Python peers are missing: run make test")
        let process = Process()
        process.executableURL = URL(filePath: Self.python)
        process.arguments = [Self.root.appending(path: "Tests/Interop/\(name)").path] + arguments
        let output = Pipe()
        let stdin = Pipe()
        process.standardOutput = output
        process.standardInput = stdin
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        // Foundation's waitUntilExit can spin for ever off the main thread on Linux.
        while process.isRunning { usleep(1_000) }
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    @Test func `webhooks of every kind that pywa accepts are taken, and what can be answered is`() async throws {
        try await CloudBot.running { bot in
            // The emulator does not see what pywa delivers, and would hold the service window for closed.
            await bot.emulator.setWindow(.off)
            let (status, output) = try script(
                "pywa_deliver.py", [bot.webhook, bot.emulator.configuration.appSecret, CloudBot.user])
            #expect(status == 0, "\(output)")
            let expected = [
                "echo: שלום 🙂 @martlet https://example.org/a?b=c", "echo: a reply", "echo: forwarded",
            ]
            await #expect(throws: Never.self) {
                try await eventually("the texts are answered", within: .seconds(60)) {
                    let texts = await bot.texts
                    let isComplete =
                        expected.allSatisfy(texts.contains) && texts.contains { $0.hasPrefix("echo: Office") }
                    return isComplete ? true : nil
                }
            }
            let texts = await bot.texts
            #expect(expected.allSatisfy(texts.contains), "\(texts)")
            #expect(texts.filter { $0.hasPrefix("echo: Office") }.count == 1)
            #expect(texts.filter { $0 == expected[0] }.count == 1)
            #expect(bot.process.lines.allSatisfy { !$0.contains(#""level":"error""#) }, "\(bot.process.lines)")
        }
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
            let input = try sends.map {
                String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
            }
            let (status, output) = try script("pywa_bodies.py", [], input: input.joined(separator: "\n") + "\n")
            #expect(status == 0)
            let theirs = try output.split(separator: "\n").map { line -> NSDictionary in
                let call = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                let body = try JSONSerialization.data(withJSONObject: call?["body"] ?? [:])
                return try normal(String(decoding: body, as: UTF8.self))
            }
            #expect(ours == theirs)
        }
    }

    /// The body without what may differ: the plus sign of a number, our callback data, members that are null or default.
    private func normal(_ body: String) throws -> NSDictionary {
        var json = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        json["biz_opaque_callback_data"] = nil
        json["to"] = (json["to"] as? String)?.replacing("+", with: "")
        json = json.filter { !($0.value is NSNull) }
        if var text = json["text"] as? [String: Any] {
            if text["preview_url"] as? Bool == false { text["preview_url"] = nil }
            json["text"] = text
        }
        return json as NSDictionary
    }
}
