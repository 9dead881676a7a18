@testable import AIServices
import BotKit
import Foundation
import Testing

@Suite struct PriceListTests {
    private let now = Date(timeIntervalSince1970: 1_795_219_200) // 2026-11-21

    private func usage(
        _ model: String, host: String = "api.example.com", input: Int = 1_000_000, cached: Int = 0, output: Int = 0
    ) -> Usage {
        Usage(
            operation: "chat", model: model, host: host, inputTokens: input, cachedTokens: cached, outputTokens: output)
    }

    @Test(
        arguments: [
            ("2.5", 2_500_000_000), ("0.075", 75_000_000), ("0.000000001", 1), ("15", 15_000_000_000), ("0", 0),
            ("", nil), (".5", nil), ("1.", nil), ("1e3", nil), ("-1", nil), ("0.0000000001", nil), ("٣", nil),
            (" 1", nil),
        ] as [(String, Int64?)])
    func `reads decimals exactly`(text: String, value: Int64?) { #expect(NanoUSD.parse(text) == value) }

    @Test func `charges cached tokens apart and rounds up to whole units`() throws {
        let list = try PriceList.only(#"[{"match":"m","input":"2.5","cached_input":"0.25","output":"15"}]"#)
        let parts: [Int64] = [1_500_000, 100_000, 150_000]
        #expect(list.cost(of: usage("m", input: 1000, cached: 400, output: 10), at: now) == parts.reduce(0, +))
        let cheap = try PriceList.only(#"[{"match":"m","input":"0.0001"}]"#)
        #expect(cheap.cost(of: usage("m", input: 1), at: now) == 1)
    }

    @Test func `takes the closest name, then the later entry, and asks the host`() throws {
        let list = try PriceList.only(
            """
            [{"match":"gpt-5*","input":"1"},{"match":"gpt-5.4*","input":"2"},{"match":"gpt-5.4","input":"3"},
             {"match":"same","input":"4"},{"match":"same","input":"5"},
             {"match":"hosted","provider":"api.example.com","input":"6"},{"match":"*-mini","input":"7"}]
            """)
        func dollars(_ model: String, _ host: String = "api.example.com") -> Int64? {
            list.cost(of: usage(model, host: host), at: now).map { $0 / 1_000_000_000 }
        }
        #expect(dollars("gpt-5.4") == 3)
        #expect(dollars("gpt-5.4-pro") == 2)
        #expect(dollars("gpt-5") == 1)
        #expect(dollars("same") == 5)
        #expect(dollars("hosted") == 6)
        #expect(dollars("hosted", "other.example.com") == nil)
        #expect(dollars("x-mini") == 7)
        #expect(dollars("unknown") == nil)
    }

    @Test func `keeps the old price for old usage`() throws {
        let list = try PriceList.only(
            #"[{"match":"m","input":"1","until":"2026-11-21"},{"match":"m","input":"2","from":"2026-11-21"}]"#)
        #expect(list.cost(of: usage("m"), at: now.addingTimeInterval(-1)) == 1_000_000_000)
        #expect(list.cost(of: usage("m"), at: now) == 2_000_000_000)
    }

    @Test(arguments: [
        "localhost", "127.0.0.1", "::1", "[::1]", "10.1.2.3", "192.168.0.9", "172.20.0.1", "ollama", "pc.local",
    ])
    func `charges nothing on the operator's own network`(host: String) throws {
        #expect(try PriceList.only("[]").cost(of: usage("m", host: host), at: now) == 0)
        #expect(try PriceList.only(#"[{"match":"m","input":"1"}]"#).cost(of: usage("m", host: host), at: now) == 0)
    }

    @Test(arguments: ["172.32.0.1", "8.8.8.8", "api.openai.com", "10.example.com", "256.1.1.1"])
    func `takes no other host for the operator's own`(host: String) { #expect(!LocalHost.contains(host)) }

    @Test func `knows the default models and no invented ones`() throws {
        let list = try PriceList.builtIn()
        for model in ["gpt-5.4-mini", "gpt-5.4-mini-2026-03-17"] {
            #expect(list.cost(of: usage(model, host: "api.openai.com", output: 1_000_000), at: now) == 5_250_000_000)
        }
        #expect(list.cost(of: usage("claude-haiku-4-5-20251001", host: "api.anthropic.com"), at: now) == 1_000_000_000)
        #expect(list.cost(of: usage("gpt-99", host: "api.openai.com"), at: now) == nil)
        #expect(list.price(for: "gpt-5.4-mini", host: "api.openai.com", at: now)?.asOf == "2026-11-21")
    }

    @Test func `lets the operator's file win and says what is wrong with it`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-prices-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "prices.json")
        try Data(#"[{"match":"gpt-*","input":"9"}]"#.utf8).write(to: file)
        let list = try PriceList.load(file)
        #expect(list.cost(of: usage("gpt-5.4-mini", host: "api.openai.com"), at: now) == 9_000_000_000)
        for wrong in [
            #"[{"match":"m","input":9}]"#, #"[{"match":"m","input":"cheap"}]"#, "{}", "x", #"[{"match":"m","per":0}]"#,
        ] {
            try Data(wrong.utf8).write(to: file)
            let error = #expect(throws: Misconfiguration.self) { try PriceList.load(file) }
            #expect(error?.key == "PRICE_FILE")
        }
        #expect(throws: Misconfiguration.self) { try PriceList.load(folder.appending(path: "none.json")) }
    }
}
