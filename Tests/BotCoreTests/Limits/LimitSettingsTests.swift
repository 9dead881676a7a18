import BotKit
import Configuration
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite struct LimitSettingsTests {
    private func settings(_ values: [String: String] = [:]) throws -> LimitSettings {
        try LimitSettings(ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: values)))
    }

    @Test func `has the limits of the earlier bots by default`() throws {
        let limits = try settings()
        #expect(limits.perMember == 10 && limits.global == 100 && limits.flood == 30)
        #expect(limits.perMemberWindow == .seconds(60) && limits.globalWindow == .seconds(60))
        #expect(limits.floodBan == .seconds(300))
        #expect(limits.perChat == 20 && limits.waiting == 100 && limits.perAccount == 5_000 && limits.strangers == 100)
        #expect(limits.slowdown == .seconds(1) && limits.blockAlert == 5)
    }

    @Test func `0 is no limit, and no window`() throws {
        let names = [
            "RATE_LIMIT_PER_USER", "RATE_LIMIT_GLOBAL", "FLOOD_LIMIT", "SEND_LIMIT_PER_CHAT", "SEND_WAITING_PER_CHAT",
            "SEND_LIMIT_PER_ACCOUNT", "SEND_LIMIT_STRANGERS", "SEND_SLOWDOWN_MILLISECONDS", "BLOCK_ALERT_PERCENT",
        ]
        let off = try settings(Dictionary(uniqueKeysWithValues: names.map { ($0, "0") }))
        let counts = [off.perMember, off.global, off.flood, off.perChat, off.waiting, off.perAccount, off.strangers]
        #expect(counts.allSatisfy { $0 == Int.max })
        #expect(off.slowdown == .zero && off.blockAlert == 0)
        let disabled = try settings(["RATE_LIMIT_ENABLED": "false", "RATE_LIMIT_PER_USER": "3"])
        #expect(disabled.perMember == .max && disabled.global == .max && disabled.flood == 30)
        for name in ["RATE_LIMIT_PER_USER_WINDOW", "RATE_LIMIT_GLOBAL_WINDOW", "FLOOD_BAN_SECONDS"] {
            #expect(throws: Misconfiguration.self) { try settings([name: "0"]) }
        }
    }
}
