import BotKit
import Foundation
import Testing

@testable import Providers

/// What the webhook answers, and that nothing comes of anything twice.
@Suite struct IngressTests {
    @Test func `the handshake gives back the challenge for our token alone`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            var query = ["hub.mode": "subscribe", "hub.challenge": "123", "hub.verify_token": "verify-token"]
            let answer = await rig.network.webhook.verify(query)
            #expect(answer.status == 200 && answer.body == "123" && answer.contentType.hasPrefix("text/plain"))
            query["hub.verify_token"] = "other"
            #expect(await rig.network.webhook.verify(query).status == 403)
            #expect(await rig.network.webhook.verify([:]).status == 403)
        }
    }

    @Test func `only signed bodies are taken, under the new or the previous secret`() async throws {
        try await CloudRig.running(["CLOUD_APP_SECRET_PREVIOUS": "old-secret"], runsProviders: false) {
            rig async throws in
            let body = Payload.messages(Payload.text("a", at: rig.time.now), from: .dana)
            for signature in [nil, "", "sha256=", "sha256=zz", "sha256=" + String(repeating: "0", count: 64)] {
                #expect(await rig.post(Array(body.utf8), signature: signature).status == 401)
            }
            #expect(try await rig.deliver(body, secret: "third-secret").status == 401)
            #expect(rig.inbox.new.isEmpty)
            #expect(try await rig.deliver(body, secret: "old-secret").status == 200)
            #expect(rig.inbox.new.count == 1)
        }
    }

    @Test func `what has no well-formed signature need not be read`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            for header in [nil, "", "sha1=00", "sha256=", "sha256=" + String(repeating: "g", count: 64)] {
                #expect(!rig.network.webhook.mightBeGenuine { _ in header })
            }
            let forged = "sha256=" + String(repeating: "0", count: 64)
            #expect(rig.network.webhook.mightBeGenuine { $0 == "X-Hub-Signature-256" ? forged : nil })
        }
    }

    @Test func `the same webhook many times at once is one message and one user`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let body = Payload.messages(Payload.text("a", from: .danaWithID, at: rig.time.now), from: .danaWithID)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { try await rig.deliver(body).status } }
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await rig.deliver(body).status == 200)
            #expect(rig.inbox.new.count == 1)
            #expect(try await rig.count("cloud_user") == 1)
        }
    }

    @Test func `a batch of a thousand is stored whole, in the order of its times`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let people = (0..<250).map { Payload.Person(phone: "\(15_550_001_000 + $0)", userID: nil, name: "P\($0)") }
            let messages = (0..<1000).map { index in
                Payload.text(
                    "m\(index)", from: people[index % 250], id: "wamid.\(index)",
                    at: CloudRig.start.addingTimeInterval(Double(-index)))
            }
            let body = Payload.body(#""messages":[\#(messages.joined(separator: ","))]"#, contacts: people)
            #expect(try await rig.deliver(body).status == 200)
            #expect(rig.inbox.new.count == 1000)
            #expect(rig.inbox.new.map(\.sentAt) == rig.inbox.new.map(\.sentAt).sorted())
            #expect(try await rig.count("cloud_user") == 250)
            #expect(rig.inbox.new.first { $0.id == "wamid.999" }?.sender.name == "P249")
        }
    }

    @Test func `what cannot be stored is refused with 503, and comes in the next time`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let body = Payload.messages(Payload.text("a", from: .danaWithID, at: rig.time.now), from: .danaWithID)
            rig.inbox.fail(with: Outage("inbox", "full", retryAfter: .seconds(10)))
            var answer = try await rig.deliver(body)
            #expect(answer.status == 503 && answer.retryAfter == .seconds(10))
            rig.inbox.fail(with: DatabaseError.full)
            answer = try await rig.deliver(body)
            #expect(answer.status == 503 && answer.retryAfter != nil)
            rig.inbox.fail(with: nil)
            #expect(try await rig.deliver(body).status == 200)
            #expect(rig.inbox.new.count == 1)
            #expect(try await rig.count("cloud_user WHERE phone = '15550000001'") == 1)
        }
    }

    @Test(arguments: ["{", "[]", "{}", #"{"object":"whatsapp_business_account"}"#, "\u{0}", "null"])
    func `a signed body that nobody can read is kept and answered with 200`(body: String) async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            #expect(try await rig.deliver(body).status == 200)
            #expect(try await rig.deliver(body).status == 200)
            #expect(try await rig.count("cloud_update WHERE kind = 'unreadable'") == 1)
        }
    }

    @Test func `a broken message does not harm the others of its batch`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let body = Payload.messages(
                #"{"type":"text"}"#, #"{"id":"wamid.0","timestamp":"1760000000","type":"text","text":{"body":"who?"}}"#,
                Payload.text("a", at: rig.time.now), "17", from: .dana)
            #expect(try await rig.deliver(body).status == 200)
            #expect(rig.inbox.new.map(\.text).contains("a"))
            #expect(try await rig.count("cloud_update WHERE raw IS NOT NULL") >= 2)
        }
    }

    @Test func `messages for numbers that are not ours are left alone`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            let text = Payload.text("a", at: rig.time.now)
            #expect(try await rig.deliver(Payload.messages(text, from: .dana, number: "999")).status == 200)
            #expect(rig.inbox.new.isEmpty)
            #expect(try await rig.count("cloud_user") == 0)
        }
    }

    @Test func `two numbers in one process keep their chats apart and share their people`() async throws {
        let more = ["CLOUD_NUMBERS": "200:CLOUD_OTHER_TOKEN", "CLOUD_OTHER_TOKEN": "EAAother"]
        try await CloudRig.running(more, runsProviders: false) { rig async throws in
            for (index, number) in [Payload.number, "200"].enumerated() {
                let text = Payload.text("a", id: "wamid.\(index)", at: rig.time.now)
                try await rig.deliver(Payload.messages(text, from: .dana, number: number))
            }
            #expect(rig.inbox.new.map(\.chat.account.name) == [Payload.number, "200"])
            #expect(Set(rig.inbox.new.map(\.sender.id)).count == 1)
            #expect(rig.network.providers.map(\.account.name) == [Payload.number, "200"])
        }
    }
}
