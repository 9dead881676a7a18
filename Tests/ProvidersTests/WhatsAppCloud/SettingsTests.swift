import AsyncHTTPClient
import BotKit
import Foundation
import Hummingbird
import Testing

@testable import Providers
@testable import WhatsAppCloud

/// What the operator configures.
@Suite struct CloudSettingsTests {
    private func settings(_ more: [String: String] = [:], without key: String? = nil) throws -> WhatsAppCloudSettings {
        var variables = WhatsAppCloudSettings.needed.merging(more) { $1 }
        if let key { variables[key] = nil }
        return try WhatsAppCloudSettings(variables: variables)
    }

    @Test func `nothing configured is no network and no error`() throws {
        #expect(try !WhatsAppCloudSettings(variables: [:]).isConfigured)
        var settings = try settings()
        #expect(settings.isConfigured)
        settings.disconnect()
        #expect(!settings.isConfigured)
    }

    @Test(arguments: ["CLOUD_ACCESS_TOKEN", "CLOUD_APP_SECRET", "CLOUD_VERIFY_TOKEN"])
    func `a number without its secrets stops the start and names the key`(key: String) throws {
        let error = #expect(throws: Misconfiguration.self) { try settings(without: key) }
        #expect(error?.key == key && error?.remedy.contains("Set \(key)") == true)
    }

    @Test(arguments: [
        ("CLOUD_API_VERSION", "26"), ("CLOUD_BASE_URL", "http://graph.example"), ("CLOUD_BASE_URL", "https://x/y"),
        ("CLOUD_NUMBERS", "a"), ("CLOUD_NUMBERS", "1:"), ("CLOUD_NUMBERS", "1:MISSING"),
        ("CLOUD_NUMBERS", Payload.number), ("CLOUD_WINDOW_TEMPLATE", "Not Lower"), ("CLOUD_WINDOW_TEMPLATE", "a:b:c"),
        ("CLOUD_MEDIA_HOSTS", "ftp://x"), ("CLOUD_PAIR_BURST", "-1"), ("CLOUD_PHONE_NUMBER_ID", "+1 555"),
    ])
    func `a wrong value stops the start`(key: String, value: String) throws {
        let error = #expect(throws: Misconfiguration.self) { try settings([key: value]) }
        #expect(error?.remedy.contains("Set ") == true)
    }

    @Test func `a zero switches each pace off`() throws {
        let off = try settings([
            "CLOUD_PAIR_INTERVAL_MILLISECONDS": "0", "CLOUD_NUMBER_PER_SECOND": "0",
            "CLOUD_ORDER_WAIT_MILLISECONDS": "0", "CLOUD_ACKNOWLEDGEMENTS_PER_SECOND": "0",
        ])
        #expect(try settings(["CLOUD_PAIR_BURST": "0"]).chatPace == Pace(interval: .seconds(6), burst: 1))
        #expect(
            off.chatPace == nil && off.accountPace == nil && off.orderWait == nil && off.acknowledgementPace.rate == 0)
        let usual = try settings()
        #expect(usual.chatPace == Pace(interval: .seconds(6), burst: 10))
        #expect(usual.accountPace?.burst == 60)
    }

    @Test func `a pace of linked accounts without a burst sends one by one`() throws {
        let web = try WhatsAppWebSettings(variables: ["WHATSAPP_WEB_CHAT_BURST": "0", "WHATSAPP_WEB_BURST": "0"])
        #expect(web.chatPace == Pace(interval: .milliseconds(500), burst: 1))
        #expect(web.accountPace == Pace(interval: .milliseconds(100), burst: 1))
    }

    @Test(arguments: [
        "CLOUD_LOST_ANSWER_SECONDS", "CLOUD_SEND_TIMEOUT_MILLISECONDS", "CLOUD_TRANSFER_TIMEOUT_SECONDS",
    ])
    func `what must have an end says why it cannot be 0`(key: String) throws {
        let error = #expect(throws: Misconfiguration.self) { try settings([key: "0"]) }
        #expect(error?.key == key && error?.problem.hasPrefix("cannot be 0: ") == true)
    }

    /// What the outbox does about a code of Meta's.
    private func remedy(_ code: Int, _ more: [String: String] = [:], retryAfter: RetryAfter? = nil) throws
        -> SendFailure.Remedy
    {
        var error = GraphError(.refused, "m")
        error.reported = GraphError.Reported(
            code: code, subcode: nil, type: nil, message: nil, details: nil, traceID: nil, isTransient: false)
        error.retryAfter = retryAfter
        return SendFailure(error, at: Date(timeIntervalSince1970: 0), holds: try settings(more).holds).remedy
    }

    @Test(
        arguments: [
            ("CLOUD_PAIR_HOLD_MILLISECONDS", 131_056, SendFailure.Remedy.holdChat(.seconds(4)), .holdChat(.seconds(9))),
            ("CLOUD_NUMBER_HOLD_MILLISECONDS", 130_429, .holdAccount(.seconds(1)), .holdAccount(.seconds(9))),
            ("CLOUD_ACCOUNT_HOLD_SECONDS", 4, .holdAccount(.seconds(300)), .holdAccount(.seconds(9))),
            ("CLOUD_ACCOUNT_HOLD_SECONDS", 80_007, .holdAccount(.seconds(300)), .holdAccount(.seconds(9))),
            ("CLOUD_MAINTENANCE_HOLD_SECONDS", 131_057, .holdAccount(.seconds(60)), .holdAccount(.seconds(9))),
            ("CLOUD_GROUP_HOLD_SECONDS", 131_208, .retry(after: .seconds(30)), .retry(after: .seconds(9))),
            ("CLOUD_MARKETING_HOLD_SECONDS", 131_049, .postpone(.seconds(86_400)), .postpone(.seconds(9))),
        ] as [(String, Int, SendFailure.Remedy, SendFailure.Remedy)])
    func `a hold is as long as is set, and 0 leaves the wait of any failed send`(
        key: String, code: Int, usual: SendFailure.Remedy, nineSeconds: SendFailure.Remedy
    ) throws {
        let nine = key.hasSuffix("_MILLISECONDS") ? "9000" : "9"
        #expect(try remedy(code) == usual)
        #expect(try remedy(code, [key: nine]) == nineSeconds)
        #expect(try remedy(code, [key: "0"]) == .retry(after: nil))
    }

    @Test func `how long nothing is said of reading and typing is set`() throws {
        let (usual, none) = (try settings(), try settings(["CLOUD_ACKNOWLEDGEMENT_HOLD_MILLISECONDS": "0"]))
        #expect(usual.acknowledgementPace.hold == 1 && none.acknowledgementPace.hold == 0)
        let rare = try settings(["CLOUD_ACKNOWLEDGEMENTS_PER_SECOND": "0"])
        #expect(usual.acknowledgementPace.rate == 20 && rare.acknowledgementPace.rate == 0)
    }

    @Test func `a wait that Meta names is obeyed also where no hold is set`() throws {
        let off = [
            "CLOUD_PAIR_HOLD_MILLISECONDS": "0", "CLOUD_NUMBER_HOLD_MILLISECONDS": "0",
            "CLOUD_ACCOUNT_HOLD_SECONDS": "0", "CLOUD_MAINTENANCE_HOLD_SECONDS": "0", "CLOUD_GROUP_HOLD_SECONDS": "0",
            "CLOUD_MARKETING_HOLD_SECONDS": "0",
        ]
        for code in [130_429, 4, 131_057] {
            #expect(try remedy(code, off, retryAfter: .seconds(7)) == .holdAccount(.seconds(7)))
        }
        for code in [131_056, 131_208] {
            #expect(try remedy(code, off, retryAfter: .seconds(7)) == .retry(after: .seconds(7)))
        }
        #expect(try remedy(131_049, off, retryAfter: .seconds(7)) == .postpone(.seconds(7)))
        #expect(try remedy(4, retryAfter: .seconds(400)) == .holdAccount(.seconds(400)))
        #expect(try remedy(4, retryAfter: .seconds(7)) == .holdAccount(.seconds(300)))
    }

    @Test func `an emulator elsewhere may speak plain HTTP when it is named twice`() throws {
        let more = ["CLOUD_BASE_URL": "http://emulator:8080", "CLOUD_MEDIA_HOSTS": "http://emulator:8080/"]
        #expect(try settings(more).isConfigured)
    }

    @Test func `nothing shows a secret`() throws {
        let text = "\(try settings(["CLOUD_APP_SECRET_PREVIOUS": "older"]))"
        for secret in ["EAAtest", "app-secret", "verify-token", "older"] { #expect(!text.contains(secret)) }
        #expect(WhatsAppCloudSettings.settings.filter(\.isSecret).count == 4)
    }

    @Test func `the check finds a refused token and a silent network`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let http = HTTPClient(
                eventLoopGroupProvider: .singleton, configuration: WhatsAppCloudNetwork.httpClientConfiguration)
            func check(_ more: [String: String]) async throws -> String? {
                await WhatsAppCloudCheck(try settings(more), http: http).run()?.key
            }
            let base = ["CLOUD_BASE_URL": rig.graph.origin]
            #expect(try await check(base) == "CLOUD_ACCESS_TOKEN")
            rig.graph.answer { _ in
                .json(
                    #"""
                    {"data":{"scopes":["business_management","whatsapp_business_management",\#
                    "whatsapp_business_messaging"]}}
                    """#
                )
            }
            #expect(try await check(base) == nil)
            rig.graph.answer { _ in .json(#"{"error":{"code":190,"message":"m"}}"#, .unauthorized) }
            #expect(try await check(base) == "CLOUD_ACCESS_TOKEN")
            rig.graph.answer { _ in .json(#"{"error":{"code":100,"error_subcode":33,"message":"m"}}"#, .badRequest) }
            #expect(try await check(base) == "CLOUD_PHONE_NUMBER_ID")
            #expect(try await check(["CLOUD_BASE_URL": "http://127.0.0.1:1"]) == "CLOUD_BASE_URL")
            try await http.shutdown()
        }
    }
}
