import BotKit
import Foundation
import Testing
import WhatsAppWeb

@testable import Providers

@Suite struct WebSettingsTests {
    @Test(arguments: [
        ("WHATSAPP_WEB_ROOT", "abcd"), ("WHATSAPP_WEB_ROOT", String(repeating: "z", count: 64)),
        ("WHATSAPP_WEB_ROOT", String(repeating: "a", count: 63)), ("WHATSAPP_WEB_PROXY", "socks5://user:pw@proxy:1080"),
        ("WHATSAPP_WEB_PROXY", "socks5://user@proxy"), ("WHATSAPP_WEB_PROXY", "proxy:1080"),
        ("WHATSAPP_WEB_PROXY", "https://proxy"), ("WHATSAPP_WEB_PROXY", "HTTP://proxy"),
        ("WHATSAPP_WEB_URL", "https://web.whatsapp.com"),
        ("WHATSAPP_WEB_DEVICE_NAME", String(repeating: "a", count: 51)),
    ])
    func `what cannot work stops the start`(_ name: String, _ value: String) {
        let error = #expect(throws: Misconfiguration.self) { try WhatsAppWebSettings(variables: [name: value]) }
        #expect(error?.key == name && error?.problem.contains("pw") == false)
    }

    @Test func `what is set reaches the client`() throws {
        let settings = try WhatsAppWebSettings(variables: [
            "WHATSAPP_WEB_ROOT": String(repeating: "0a", count: 32), "WHATSAPP_WEB_PROXY": "http://user:pw@proxy:3128",
        ])
        #expect(settings.hasForeignRoot && settings.client().root == Array(repeating: 10, count: 32))
        #expect(settings.client().proxy?.absoluteString == "http://user:pw@proxy:3128")
        let socks = try WhatsAppWebSettings(variables: ["WHATSAPP_WEB_PROXY": "socks5://proxy:1080"])
        #expect(socks.client().proxy?.scheme == "socks5" && !socks.hasForeignRoot)
    }
}
