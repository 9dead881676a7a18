import TestKit
import Testing

@testable import WhatsAppEmulator

/// Control calls that are wrong.
@Suite(.timeLimit(.minutes(15))) struct WebControlTests {
    @Test(
        arguments: [
            ("/accounts", ["first": "9223372036854775807", "count": 5]), ("/accounts", ["first": "-5"]),
            ("/accounts", ["first": "999999999999999", "count": 2]), ("/accounts", ["first": "1", "count": -1]),
            ("/accounts", ["first": "1", "count": 9_223_372_036_854_775_807]),
            ("/account", ["number": "abc"]), ("/account", ["number": ""]), ("/account", ["number": "1555000000112345"]),
            ("/options", ["clock_offset": 9_223_372_036_854_775_807]), ("/options", ["minimum_revision": -1]),
            ("/options", ["offline_primer": "many"]),
            ("/phone/group", ["account": "15550000001", "participants": ["x"]]),
            ("/delay", ["jid": "15550000001", "min_ms": 9_223_372_036_854_775_807]),
            ("/corrupt", ["jid": "15550000001", "count": "x"]), ("/refuse", ["account": "Dana"]),
            (
                "/phone/vote",
                [
                    "account": "15550000001", "to": "15550000002", "id": "X", "option": -9_223_372_036_854_775_808,
                ]
            ),
        ] as [(String, EmulatorJSON)])
    func `a wrong call is refused, and changes nothing`(_ path: String, _ values: EmulatorJSON) async throws {
        try await WebStage.open { stage in
            await #expect(throws: WebControlClient.Refused.self) { try await stage.post(path, values) }
            let accounts = try await stage.get("/accounts").items?.count
            #expect(accounts == 3)
        }
    }

    @Test func `accounts are made in a row`() async throws {
        try await WebStage.open { stage in
            try await stage.post("/accounts", ["first": "999999999999990", "count": 10])
            try await stage.post("/account", ["number": "+1 (555) 000-0009"])
            #expect(try await stage.get("/accounts").items?.count == 14)
        }
    }
}
