import Testing
import WhatsAppWire

@testable import WhatsAppWeb

extension LabTests {
    @Test func `many questions at once are all answered`() async throws {
        try await Lab.running { lab in
            try await lab.post("/account", ["number": "15550000001", "name": "Dana"])
            try await LabClient.linked(to: lab, as: "15550000001") { dana in
                let count = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<500 {
                        group.addTask { try await dana.client.blockList().users.isEmpty ? 1 : 0 }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(count == 500)
                #expect(!lab.log.contains("InvalidTag"))
            }
        }
    }
}
