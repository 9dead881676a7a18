import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

extension LabTests {
    private static let dana = JID.phoneNumber("15550000001")
    private static let omer = JID.phoneNumber("15550000002")

    @Test func `a session that began under a phone number goes on under the hidden id`() async throws {
        try await Lab.running { lab in
            try await lab.post("/account", ["number": Self.dana.user, "name": "Dana"])
            let omer = try await lab.post("/account", ["number": Self.omer.user, "name": "Omer"])
            let lid = try #require(JID(omer["lid"] as? String ?? ""))
            try await LabClient.linked(to: lab, as: Self.dana.user) { dana in
                try await lab.post(
                    "/phone/send", ["account": Self.omer.user, "to": Self.dana.description, "text": "one"])
                _ = try await dana.message { $0.content.text == "one" }
                // As if the number alone had been known until now.
                try await dana.client.renameSession(from: lid.signalAddress, to: Self.omer.signalAddress)
                #expect(dana.store.load([StoreKey(.session, lid.signalAddress)]).isEmpty)
                try await lab.post(
                    "/phone/send", ["account": Self.omer.user, "to": Self.dana.description, "text": "two"])
                _ = try await dana.message { $0.content.text == "two" }
                #expect(try await (lab.get("/log?match=type%3D%22retry%22") as? [Any])?.isEmpty == true)
                #expect(dana.store.load([StoreKey(.session, Self.omer.signalAddress)]).isEmpty)
            }
        }
    }
}

extension WebClient {
    /// Stores a session under another address.
    fileprivate func renameSession(from old: String, to new: String) async throws {
        try await withLanes([old, new]) {
            let bytes = try await store.load([StoreKey(.session, old)])[StoreKey(.session, old)] ?? []
            try await store.commit(
                [.put(StoreKey(.session, new), bytes), .delete(StoreKey(.session, old))], events: [])
            sessions[session: new] = sessions[session: old]
            sessions.drop(sessions: [old], senderKeys: [])
        }
    }
}
