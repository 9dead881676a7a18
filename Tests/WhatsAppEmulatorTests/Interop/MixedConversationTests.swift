import Foundation
import TestKit
import Testing
import WhatsAppWire

@testable import WhatsAppEmulator

/// Our client and whatsmeow, the Go library by others, talk to one another over the emulated servers.
@Suite(.serialized, .timeLimit(.minutes(15))) struct MixedConversationTests {
    @Test func `our client and whatsmeow hold a conversation of every kind`() async throws {
        try await meeting { meeting in
            try await meeting.texts()
            try await meeting.changes()
            try await meeting.media()
            try await meeting.polls()
            try await meeting.damage()
            try await meeting.group()
            try await meeting.absence()
            try await meeting.secondDevice()
            try await meeting.nothingLost()
            try await meeting.ending()
        }
    }

    @Test func `our client and whatsmeow write to one another at once`() async throws {
        try await meeting { try await $0.manyAtOnce() }
    }

    /// Links Dana's client, which is ours, and Omer's, which is whatsmeow.
    private func meeting(_ body: @escaping @Sendable (Meeting) async throws -> Void) async throws {
        let memory = URL(filePath: "/dev/shm")
        let folder = (FileManager.default.fileExists(atPath: memory.path) ? memory : .temporaryDirectory)
            .appending(path: "mixed-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await WebStage.open {
            $0.folder = folder
            $0.tlsPort = 0
        } _: { stage in
            try await WhatsmeowPeer.prepare(
                folder, port: stage.ports.plain, root: HexadecimalText.text(stage.emulator.rootKey))
            let omer = try WhatsmeowPeer("omer", in: folder)
            defer { omer.stop() }
            let qr = try await omer.wait("qr").text ?? ""
            try await stage.post("/qr/scan", ["qr": .string(qr), "account": .string(WebPeer.omer)])
            try await omer.wait("online")
            let certificates = folder.appending(path: "ca.pem")
            try await WebPeer.linked(to: stage, as: WebPeer.dana, trusting: certificates) { dana in
                do { try await body(Meeting(stage: stage, dana: dana, omer: omer, folder: folder)) } catch {
                    let log = try await stage.log("").suffix(500)
                    let own = (try? String(contentsOf: folder.appending(path: "omer.log"), encoding: .utf8)) ?? ""
                    print("THE SERVER", log.joined(separator: "\n"), "WHATSMEOW", own.suffix(6_000), separator: "\n")
                    throw error
                }
            }
        }
    }
}
