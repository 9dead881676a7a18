import BotKit
import Foundation
import SwiftProtobuf
import TestKit
import Testing
import WhatsAppProto
import WhatsAppWire

@testable import Providers
@testable import WhatsAppEmulator
@testable import WhatsAppWeb

/// What members add to messages, sealed with the secrets of these.
@Suite(.timeLimit(.minutes(5))) struct WebSealedTests {
    @Test func `a sealed edit of a message that came of late is read`() async throws {
        try await WebRig.running { rig, _, _ in
            let dana = try await rig.addresses(of: WebRig.dana).lid
            let secret = [UInt8](repeating: 7, count: MessageSecret.byteCount)
            var original = WAMessage()
            original.conversation = "helo"
            original.messageContext.messageSecret = Data(secret)
            let id = try await rig.send(original)
            _ = try await rig.message("the message") { $0.id == id }

            func edit(of target: String, _ text: String) throws -> WAMessage {
                var inner = WAMessage()
                inner.conversation = text
                let nonce = [UInt8](repeating: 1, count: MessageSecret.nonceByteCount)
                let sealed = try MessageSecret(secret).seal(
                    inner.serializedBytes(), use: .messageEdit, id: target, author: dana, by: dana, nonce: nonce)
                var message = WAMessage()
                message.secretEncrypted.kind = .messageEdit
                message.secretEncrypted.target.id = target
                message.secretEncrypted.target.fromMe = true
                message.secretEncrypted.payload = Data(sealed)
                message.secretEncrypted.iv = Data(nonce)
                return message
            }
            try await rig.send(try edit(of: "3EB0UNKNOWN", "nobody knows"))
            let edited = try await rig.send(try edit(of: id.rawValue, "hello"))
            let heard = try await rig.message("the edit") { $0.id == edited }
            #expect(heard.content == .edit(of: id, text: "hello"))
            #expect(rig.inbox.new.count == 2)
        }
    }
}
