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

    @Test(
        arguments: [
            (
                "WHATSAPP_WEB_DISCONNECTED_HOLD_MILLISECONDS", WebError(.disconnected, ""),
                SendFailure.Remedy.holdAccount(.seconds(3)), .holdAccount(.milliseconds(9))
            ),
            (
                "WHATSAPP_WEB_RATE_HOLD_SECONDS", WebError(.refused, status: 429, ""), .holdAccount(.seconds(60)),
                .holdAccount(.seconds(9))
            ),
            (
                "WHATSAPP_WEB_DEVICES_HOLD_MILLISECONDS", WebError(.refused, status: 479, ""),
                .retry(after: .seconds(2)), .retry(after: .milliseconds(9))
            ),
        ] as [(String, WebError, SendFailure.Remedy, SendFailure.Remedy)])
    func `a hold is as long as is set, and 0 leaves the wait of any failed send`(
        key: String, error: WebError, usual: SendFailure.Remedy, nine: SendFailure.Remedy
    ) throws {
        func remedy(_ variables: [String: String]) throws -> SendFailure.Remedy {
            SendFailure(web: error, holds: try WhatsAppWebSettings(variables: variables).holds).remedy
        }
        #expect(try remedy([:]) == usual)
        #expect(try remedy([key: "9"]) == nine)
        #expect(try remedy([key: "0"]) == .retry(after: nil))
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
