import Testing
import WhatsAppWire

@testable import WhatsAppWeb

extension LabTests {
    @Test func `nothing is unreadable with 24 in flight both ways`() async throws {
        try await Lab.running { lab in
            for (number, name) in [("15550000001", "Dana"), ("15550000002", "Omer")] {
                try await lab.post("/account", ["number": number, "name": name])
            }
            try await LabClient.linked(to: lab, as: "15550000001") { dana in
                try await LabClient.linked(to: lab, as: "15550000002") { omer in
                    for round in 0..<3 {
                        try await withThrowingTaskGroup(of: Void.self) { group in
                            for index in 0..<24 {
                                group.addTask {
                                    try await dana.client.send(
                                        OutgoingMessage(.text("to omer \(round) \(index)")),
                                        to: .phoneNumber("15550000002"))
                                }
                                group.addTask {
                                    try await omer.client.send(
                                        OutgoingMessage(.text("to dana \(round) \(index)")),
                                        to: .phoneNumber("15550000001"))
                                }
                            }
                            try await group.waitForAll()
                        }
                    }
                    try await omer.until {
                        $0.events.messages.count { $0.content.text?.hasPrefix("to omer") == true } == 72
                    }
                    try await dana.until {
                        $0.events.messages.count { $0.content.text?.hasPrefix("to dana") == true } == 72
                    }
                    #expect(!lab.log.contains("type=\"retry\""))
                }
            }
        }
    }
}
