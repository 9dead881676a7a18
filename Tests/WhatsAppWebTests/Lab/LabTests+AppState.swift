import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

extension LabTests {
    private static let dana = JID.phoneNumber("15550000001")
    private static let omer = JID.phoneNumber("15550000002")

    @Test func `takes the account's name and contacts from the phone, and changes them`() async throws {
        try await Lab.running { lab in
            try await lab.post("/account", ["number": Self.dana.user, "name": "Dana"])
            try await lab.post("/account", ["number": Self.omer.user, "name": "Omer"])
            try await lab.post(
                "/phone/send", ["account": Self.omer.user, "to": Self.dana.description, "text": "shalom"])
            try await LabClient.linked(to: lab, as: Self.dana.user) { dana in
                _ = try await dana.event { $0.appState == .pushName("Dana") ? true : nil }
                try await dana.until { await $0.client.pushName == "Dana" }
                try await dana.until { await $0.client.isAvailable }
                #expect(
                    try Credentials(decoding: dana.store.load([Credentials.key])[Credentials.key] ?? []).pushName
                        == "Dana")

                try await dana.client.setPushName("Dana B.")
                try await dana.client.change([
                    .mute(Self.omer, .never), .pin(Self.omer, true), .contact(Self.omer, .init(full: "Omer C.")),
                ])
                try await dana.until { _ in
                    let state =
                        try await lab.get("/phone/app-state?account=\(Self.dana.user)") as? [String: [String: Any]]
                    let actions = state?.values.compactMap { $0["actions"] as? [String: Any] }.flatMap(\.keys) ?? []
                    return ["mute", "pin_v1", "contact", "setting_pushName"].allSatisfy { name in
                        actions.contains { $0.hasPrefix("[\"\(name)\"") }
                    }
                }
                #expect(await dana.client.pushName == "Dana B.")
                let refused = try await lab.get("/log?match=could%20NOT%20apply") as? [Any]
                #expect(refused?.isEmpty == true)
                // A second device has all of it from a snapshot, and hears of what changes.
                try await LabClient.linked(to: lab, as: Self.dana.user) { second in
                    _ = try await second.event { $0.appState == .pushName("Dana B.") ? true : nil }
                    _ = try await second.event { $0.appState == .muted(Self.omer, .never) ? true : nil }
                    try await dana.client.change([.mute(Self.omer, nil)])
                    _ = try await second.event { $0.appState == .muted(Self.omer, nil) ? true : nil }
                    try await second.client.change([.pin(Self.omer, false)])
                    _ = try await dana.event { $0.appState == .pinned(Self.omer, false) ? true : nil }
                }
            }
        }
    }

    @Test func `patches alone are enough`() async throws {
        try await Lab.running("--no-snapshots") { lab in
            try await lab.post("/account", ["number": Self.dana.user, "name": "Dana"])
            try await LabClient.linked(to: lab, as: Self.dana.user) { dana in
                _ = try await dana.event { $0.appState == .pushName("Dana") ? true : nil }
            }
        }
    }

    @Test func `starts anew when what is stored does not fit`() async throws {
        try await Lab.running { lab in
            try await lab.post("/account", ["number": Self.dana.user, "name": "Dana"])
            try await LabClient.linked(to: lab, as: Self.dana.user) { dana in
                _ = try await dana.event { $0.appState == .pushName("Dana") ? true : nil }
                try await dana.client.change([.pin(Self.omer, true)])
                var version = try await dana.client.appStateVersion(of: .regularLow)
                version.hash.add([1, 2, 3])
                dana.store.commit([.put(AppStateCollection.regularLow.versionKey, version.bytes)], events: [])
                try await LabClient.linked(to: lab, as: Self.dana.user) { second in
                    try await second.until { try await $0.client.appStateVersion(of: .regularLow).number > 0 }
                    try await second.client.change([.pin(Self.omer, false)])
                }
                _ = try await dana.event { $0.appState == .pinned(Self.omer, false) ? true : nil }
            }
        }
    }

    @Test func `reads the history that the phone sends, if it is wanted`() async throws {
        try await Lab.running { lab in
            try await lab.post("/account", ["number": Self.dana.user, "name": "Dana"])
            try await lab.post("/account", ["number": Self.omer.user, "name": "Omer"])
            try await lab.post(
                "/phone/send", ["account": Self.dana.user, "to": Self.omer.description, "text": "long ago"])
            try await LabClient.linked(to: lab, as: Self.dana.user, wantsHistory: true) { dana in
                let messages: [ReceivedMessage] = try await dana.event {
                    if case .history(.messages(_, let messages)) = $0 { messages } else { nil }
                }
                #expect(messages.map(\.content.text) == ["long ago"])
                let names: [JID: String] = try await dana.event {
                    if case .history(.pushNames(let names)) = $0 { names } else { nil }
                }
                #expect(names[Self.dana] == "Dana")
                #expect(await dana.client.devices.alias(of: Self.omer) != nil)
                try await dana.until { _ in try await (lab.get("/log?match=media%20delete") as? [Any])?.count == 1 }
                #expect(try await (lab.get("/log?match=hist_sync") as? [Any])?.isEmpty == false)
            }
        }
    }
}

extension WebEvent {
    /// What changed of the account's own state.
    var appState: AppStateEvent.Change? { if case .appState(let event) = self { event.change } else { nil } }
}
