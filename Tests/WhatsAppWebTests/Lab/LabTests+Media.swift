import Crypto
import Foundation
import SwiftProtobuf
import Testing
import WhatsAppProto
import WhatsAppWire

@testable import WhatsAppWeb

extension LabTests {
    private static let dana = JID.phoneNumber("15550000001")
    private static let omer = JID.phoneNumber("15550000002")
    private static let picture = (0..<70_001).map { UInt8(truncatingIfNeeded: $0 &* 13) }

    @Test func `pictures arrive as they were, both ways`() async throws {
        try await Lab.running { lab in
            try await lab.post("/account", ["number": Self.dana.user, "name": "Dana"])
            try await lab.post("/account", ["number": Self.omer.user, "name": "Omer"])
            try await LabClient.linked(to: lab, as: Self.dana.user) { dana in
                try await lab.post(
                    "/phone/send",
                    [
                        "account": Self.omer.user, "to": Self.dana.description, "caption": "look",
                        "image_base64": Data(Self.picture).base64EncodedString(),
                    ])
                let received = try await dana.picture { $0.caption == "look" }
                #expect(try await dana.client.download(received, limit: 1 << 20) == Self.picture)
                let error = await #expect(throws: WebError.self) {
                    try await dana.client.download(received, limit: 1_000)
                }
                #expect(error?.code == .tooLarge)

                try await LabClient.linked(to: lab, as: Self.omer.user) { omer in
                    let media = try await dana.client.upload(
                        .bytes(Self.picture), as: .image, mimeType: "image/png")
                    try await dana.client.send(
                        OutgoingMessage(.image(ImageContent(media, caption: "mine"))), to: Self.omer)
                    let seen = try await omer.picture { $0.caption == "mine" }
                    #expect(seen.sha256 == Digest.sha256(Self.picture))
                    #expect(try await omer.client.download(seen, limit: 1 << 20) == Self.picture)
                }
            }
        }
    }

    @Test func `a file that is gone is asked for again`() async throws {
        try await Lab.running { lab in
            try await lab.post("/account", ["number": Self.dana.user, "name": "Dana"])
            try await LabClient.linked(to: lab, as: Self.dana.user) { dana in
                let media = try await dana.client.upload(.bytes(Self.picture), as: .image, mimeType: "image/png")
                let gone = try #require(
                    MediaReference(
                        kind: .image, directPath: "/v/gone?x=1", key: media.key, sha256: media.sha256,
                        encryptedSHA256: media.encryptedSHA256))
                let message = MessageReference(id: "3EB0AA", chat: .lid("1"), sender: .lid("1"), isFromMe: false)
                let error = await #expect(throws: WebError.self) {
                    try await dana.client.download(gone, limit: 1 << 20)
                }
                #expect(error?.code == .mediaGone)
                async let file = dana.client.download(gone, limit: 1 << 20, askingFor: message)
                try await dana.until { _ in
                    try await (lab.get("/log?match=server-error") as? [Any])?.isEmpty == false
                }
                try await lab.post(
                    "/send-stanza",
                    [
                        "jid": dana.client.account?.phoneNumber.description ?? "",
                        "stanza": try Self.answer(message.id, path: media.directPath, key: media.key),
                    ])
                #expect(try await file == Self.picture)
            }
        }
    }

    /// What a phone answers that has uploaded the file again.
    private static func answer(_ id: String, path: String, key: [UInt8]) throws -> [String: any Sendable] {
        var retry = WAMediaRetryNotification()
        retry.stanzaID = id
        retry.directPath = path
        retry.result = .success
        let nonce = [UInt8](repeating: 7, count: 12)
        let sealing = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key), info: Array("WhatsApp Media Retry Notification".utf8),
            outputByteCount: 32)
        let box = try AES.GCM.seal(
            try retry.serializedBytes() as [UInt8], using: sealing, nonce: AES.GCM.Nonce(data: nonce),
            authenticating: Array(id.utf8))
        let parts: [(String, Data)] = [("enc_p", box.ciphertext + box.tag), ("enc_iv", Data(nonce))]
        let sealed: [[String: any Sendable]] = parts.map { name, bytes in
            ["tag": name, "content": ["base64": bytes.base64EncodedString()]]
        }
        let children: [[String: any Sendable]] = [
            ["tag": "encrypt", "content": sealed], ["tag": "rmr", "attrs": ["jid": "1@lid", "from_me": "false"]],
        ]
        return [
            "tag": "notification", "attrs": ["from": dana.description, "type": "mediaretry", "id": id, "t": "1"],
            "content": children,
        ]
    }
}

extension LabClient {
    /// Waits for a picture.
    func picture(_ fits: @escaping @Sendable (ImageContent) -> Bool) async throws -> MediaReference {
        try await event { event in
            guard case .message(let message) = event, case .image(let image) = message.content, fits(image) else {
                return nil
            }
            return image.media
        }
    }
}
