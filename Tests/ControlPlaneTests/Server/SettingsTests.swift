import BotKit
import Configuration
import ControlPlane
import Testing

@Suite struct SettingsTests {
    private func settings(_ values: [String: String]) throws -> ControlPlaneSettings {
        let provider = InMemoryProvider(
            values: Dictionary(
                uniqueKeysWithValues: values.map {
                    (AbsoluteConfigKey([$0.key.lowercased()]), ConfigValue(.string($0.value), isSecret: false))
                }))
        return try ControlPlaneSettings(ConfigReader(provider: provider))
    }

    @Test func `listens on the loopback address by default`() throws {
        let settings = try settings([:])
        #expect(settings.port == 3000)
        #expect(settings.host == "127.0.0.1")
        #expect(settings.receiveLimit == .seconds(8))
    }

    @Test func `takes what is written`() throws {
        let settings = try settings([
            "HEALTH_PORT": "8080", "HEALTH_HOST": "0.0.0.0", "HEALTH_REFUSALS_PER_MINUTE": "0",
        ])
        #expect(settings.port == 8080)
        #expect(settings.host == "0.0.0.0")
        #expect(settings.refusalsPerMinute == 0)
    }

    @Test(arguments: ["-1", "65536", "http", "3000.5"])
    func `refuses what is no port`(port: String) {
        let error = #expect(throws: Misconfiguration.self) { try settings(["HEALTH_PORT": port]) }
        #expect(error?.key == "HEALTH_PORT")
    }
}
