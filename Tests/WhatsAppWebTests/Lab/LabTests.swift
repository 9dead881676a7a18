import Foundation
import Logging
import TestKit
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

/// The client against an emulator of WhatsApp's servers that others wrote.
@Suite(.serialized, .enabled(if: Lab.folder != nil, "LAB names no laboratory"), .timeLimit(.minutes(15)))
struct LabTests {
    @Test func `links by a QR code, reads what the phone of another writes, and is read`() async throws {
        try await Lab.running { lab in
            try await lab.post("/account", ["number": "15550000001", "name": "Dana"])
            try await lab.post("/account", ["number": "15550000002", "name": "Omer"])
            try await LabClient.linked(to: lab, as: "15550000001") { dana in
                try await lab.post(
                    "/phone/send", ["account": "15550000002", "to": "15550000001@s.whatsapp.net", "text": "shalom"])
                let message = try await dana.message { $0.content.text == "shalom" }
                #expect(message.pushName == "Omer")
                #expect(message.senderPhone == .phoneNumber("15550000002"))
                for index in 1...3 {
                    try await dana.client.send(
                        OutgoingMessage(.text("answer \(index)")), to: .phoneNumber("15550000002"))
                }
                try await dana.until { _ in
                    let inbox = try await lab.get("/phone/inbox?account=15550000002") as? [[String: Any]] ?? []
                    return inbox.compactMap { $0["text"] as? String } == ["answer 1", "answer 2", "answer 3"]
                }
            }
        }
    }

    @Test func `links by a code`() async throws {
        try await Lab.running { lab in
            try await lab.post("/account", ["number": "15550000001", "name": "Dana"])
            try await LabClient.linked(to: lab, as: "15550000001", byCode: true) { dana in
                #expect(await dana.client.account?.phoneNumber.user == "15550000001")
            }
        }
    }

    @Test func `does not trust a server of another root`() async throws {
        try await Lab.running { lab in
            let client = WebClient(
                settings: WebSettings(server: lab.server), store: MemoryStore(), logger: Logger(label: "test"))
            let end = try await client.run()
            #expect(end == .untrustedServer)
        }
    }
}
