import Foundation
import Testing

@testable import WhatsAppCloud

/// The webhooks that the fuzzer starts from, each also cut short and with a byte changed.
@Suite struct CorpusTests {
    @Test func `a webhook is read or refused, the same each time`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let files = try FileManager.default.contentsOfDirectory(
            at: root.appending(path: "Fuzz/Corpus/Webhook"), includingPropertiesForKeys: nil)
        let decoder = WebhookDecoder()
        for file in files {
            let whole = Array(try Data(contentsOf: file))
            #expect(throws: Never.self) { try decoder.decode(whole) }
            for place in stride(from: 0, to: whole.count, by: max(1, whole.count / 64)) {
                var changed = whole
                changed[place] ^= 0x1F
                for input in [Array(whole[..<place]), changed] {
                    let counts = (0..<2).map { _ in try? decoder.decode(input).count }
                    #expect(counts[0] == counts[1])
                }
            }
        }
        #expect(files.count >= 14)
    }
}
