import Foundation
import TestKit
import Testing

@testable import WhatsAppEmulator

/// `!export` over the Cloud API, which takes no archives.
@Suite(.timeLimit(.minutes(2))) struct CloudExportTests {
    @Test(arguments: [
        ("hello MARKER", "What is stored about you", "Messages that you wrote"),
        ("שלום MARKER, מה שלומך?", "מה ששמור עליך", "הודעות שכתבת"),
    ])
    func `arrives as a text with all that is stored, for people and for programs`(
        _ greeting: String, _ title: String, _ section: String
    ) async throws {
        try await CloudBot.running { bot in
            _ = try await bot.emulator.receive(text: greeting, from: CloudBot.user)
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            _ = try await bot.emulator.receive(text: "!export", from: CloudBot.user)
            #expect(await eventually { await bot.emulator.sent().contains { $0.kind == "document" } })
            let document = try #require(
                await bot.emulator.sent().first { $0.kind == "document" }?.json?["document"])
            #expect(document["filename"]?.text?.wholeMatch(of: /martlet-[0-9]{4}-[0-9]{2}-[0-9]{2}\.txt/) != nil)
            let id = try #require(document["id"]?.text)
            let file = try #require(await bot.emulator.world.update { $0.mediaFile(id) })
            #expect(file.mimeType == "text/plain")
            let text = String(decoding: file.bytes, as: UTF8.self)
            for word in [title, section, greeting] { #expect(text.contains(word), "\(text.prefix(2_000))") }
            // Programs read what follows the last empty line.
            let json = try #require(text.ranges(of: "\n{\"about\"").last).lowerBound
            let data = try JSONSerialization.jsonObject(with: Data(text[json...].utf8)) as? [String: Any]
            let tables = try #require(data?["tables"] as? [String: Any])
            #expect((tables["inbox"] as? [Any])?.isEmpty == false)
        }
    }
}
