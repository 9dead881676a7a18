import AIServices
import BotKit
import Foundation
import TestKit
import Testing

@Suite struct TokenEstimateTests {
    struct Sample: Decodable {
        let name: String
        let kind: String
        let text: String
        let cl100k: Int
        let o200k: Int
        let anthropic: Int
        let deepseek: Int
        var most: Int { max(cl100k, o200k, deepseek) }
    }

    /// What real tokenizers count; `Tests/Interop/tokens/README.md` says how it was made.
    private static func samples() throws -> [Sample] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Interop/tokens/samples.json").standardized
        return try JSONDecoder().decode([Sample].self, from: Data(contentsOf: file))
    }

    @Test func `is never below OpenAI's and DeepSeek's tokenizers`() throws {
        let samples = try Self.samples()
        #expect(samples.count > 700)
        for sample in samples {
            #expect(TokenEstimate().count(sample.text) >= sample.most, "\(sample.name)")
        }
    }

    @Test func `is not below Anthropic's published tokenizer for ordinary text`() throws {
        for sample in try Self.samples() where sample.kind == "prose" {
            #expect(TokenEstimate().count(sample.text) >= sample.anthropic, "\(sample.name)")
        }
    }

    @Test func `is at most 1,8 times the largest real count for prose`() throws {
        for sample in try Self.samples() where sample.kind == "prose" {
            let ratio = Double(TokenEstimate().count(sample.text)) / Double(sample.most)
            #expect(ratio <= 1.8, "\(sample.name): \(ratio)")
        }
    }

    @Test func `is at most three times the largest real count for code, links and emoji`() throws {
        for sample in try Self.samples() where sample.kind == "other" && sample.most > 3 {
            let ratio = Double(TokenEstimate().count(sample.text)) / Double(sample.most)
            #expect(ratio <= 3, "\(sample.name): \(ratio)")
        }
    }

    /// Counting is linear: a square would need hours, and the limit would end it.
    @Test(.timeLimit(.minutes(1))) func `counts a long text`() {
        let text = String(repeating: "The quick brown fox שלום עולם 😀 1234 https://example.com/a?b=c\n", count: 2_000)
        #expect(TokenEstimate().count(text) > 40_000)
    }
}
