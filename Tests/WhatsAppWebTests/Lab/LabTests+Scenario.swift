import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

extension LabTests {
    @Test func `two clients run the whole scenario`() async throws {
        try await Lab.running { lab in
            for (user, name) in [(LabScenario.dana, "Dana"), (LabScenario.omer, "Omer")] {
                try await lab.post("/account", ["number": user.user, "name": name])
            }
            let memory = LabClient.Memory()
            let damaged = LabScenario.Damaged()
            try await LabClient.linked(to: lab, as: LabScenario.dana.user) { dana in
                try await LabClient.linked(to: lab, as: LabScenario.omer.user, with: memory) { omer in
                    let scenario = LabScenario(lab: lab, dana: dana, omer: omer, damaged: damaged)
                    try await scenario.direct()
                    try await scenario.group()
                    try await scenario.media()
                    try await scenario.phone()
                    try await scenario.retries()
                    try await scenario.settings()
                    try await scenario.changes()
                    try await scenario.groups()
                    try await scenario.allAcknowledged()
                    try await scenario.secondDevice()
                }
                let waiting = try await LabScenario.write(whileAway: LabScenario.omer, to: lab, from: dana)
                try await LabClient.linked(to: lab, as: LabScenario.omer.user, with: memory) { omer in
                    let scenario = LabScenario(lab: lab, dana: dana, omer: omer, damaged: damaged)
                    try await scenario.offline(waiting)
                    try await scenario.allAcknowledged()
                    try await scenario.nothingLost()
                    try await scenario.removal()
                }
            }
        }
    }

    /// What the laboratory's server does only when it is told to: it hands out what waited in parts, compresses nearly
    /// everything, and names the way that a client is to take the next time.
    @Test func `what waited comes in parts, compressed, over the way that the server named`() async throws {
        try await Lab.running("--offline-primer", "5", "--compress-over", "50", "--edge-routing") { lab in
            try await lab.post("/account", ["number": LabScenario.dana.user, "name": "Dana"])
            try await lab.post("/account", ["number": LabScenario.omer.user, "name": "Omer"])
            let memory = LabClient.Memory()
            try await LabClient.linked(to: lab, as: LabScenario.dana.user, with: memory) { _ in }
            try await lab.until("dana to go") { try await !lab.isConnected(LabScenario.dana) }
            for number in 0..<30 {
                try await lab.post(
                    "/phone/send",
                    [
                        "account": LabScenario.omer.user, "to": LabScenario.dana.description,
                        "text": "queued \(number)",
                    ])
            }
            try await LabClient.linked(to: lab, as: LabScenario.dana.user, with: memory) { dana in
                _ = try await dana.message { $0.content.text == "queued 29" }
                #expect(dana.events.messages.compactMap(\.content.text) == (0..<30).map { "queued \($0)" })
                try await dana.notice { if case .caughtUp(let count) = $0 { count >= 30 } else { false } }
                try await lab.until("all to be acknowledged") { try await lab.isAllAcknowledged() }
                #expect(try await lab.log("offline_batch").contains { $0.hasPrefix("<- \(LabScenario.dana.user)") })
                #expect(try await lab.log(#"type="retry""#).isEmpty)
            }
        }
    }
}
