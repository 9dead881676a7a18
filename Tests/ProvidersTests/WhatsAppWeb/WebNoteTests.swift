import BotKit
import Foundation
import TestKit
import Testing
import WhatsAppWeb
import WhatsAppWire

@testable import Providers
@testable import WhatsAppEmulator

/// What the owner of an account writes to themselves, and to others.
@Suite(.timeLimit(.minutes(5))) struct WebNoteTests {
    @Test func `comes in from the owner in their own chat, and what is written to others does not`() async throws {
        try await WebRig.running(["WHATSAPP_WEB_SELF_CHAT": "on"]) { rig, _, _ in
            let own = try await rig.addresses(of: WebRig.bot).lid
            try await rig.say("to dana", as: WebRig.bot, to: WebRig.dana)
            let note = try await rig.say("to myself", as: WebRig.bot, to: WebRig.bot)
            try await rig.say("from dana")
            let mine = try await rig.message("the note") { $0.id == note }
            #expect(mine.isNoteToSelf == true && mine.text == "to myself" && !mine.isGroup)
            #expect(mine.chat == ChatID(account: WebRig.account, address: own))
            #expect(mine.sender.id == MemberID(address: own))
            let other = try await rig.message("dana's") { $0.text == "from dana" }
            #expect(other.isNoteToSelf == nil)
            #expect(rig.inbox.new.allSatisfy { $0.text != "to dana" })
        }
    }

    @Test func `is not taken in unless the setting says so`() async throws {
        try await WebRig.running { rig, _, _ in
            try await rig.say("to myself", as: WebRig.bot, to: WebRig.bot)
            try await rig.say("from dana")
            _ = try await rig.message("dana's") { $0.text == "from dana" }
            #expect(rig.inbox.new.count == 1)
        }
    }

    @Test func `blocking goes to the network's own list, by number, by hidden id and by name`() async throws {
        try await WebRig.running { rig, provider, _ in
            try await rig.say("hello")
            let message = try await rig.message("it") { $0.text == "hello" }
            let lid = try await rig.addresses(of: WebRig.dana).lid
            let number = try #require(PhoneNumber(WebRig.dana))
            let people = [
                Person.number(number), .id(try #require(NetworkID(lid.description))), .member(message.sender.id),
            ]
            for person in people {
                #expect(try await provider.names(of: person).isSuperset(of: people))
                #expect(try await provider.chats(with: person).contains(message.chat))
                #expect(try await provider.setBlocked(true, person))
                #expect(try await provider.client.blockList().users == [lid])
                #expect(try await provider.setBlocked(true, person))
                #expect(try await provider.setBlocked(false, person))
                #expect(try await provider.client.blockList().users.isEmpty)
            }
            #expect(try await !provider.setBlocked(true, .member("cloud/u1")))
            #expect(try await !provider.setBlocked(true, .number(try #require(PhoneNumber("15559999999")))))
            #expect(try await provider.chats(with: .member("cloud/u1")).isEmpty)
            #expect(try await provider.names(of: .member("cloud/u1")).isEmpty)
            #expect(try await provider.names(of: .id(try #require(NetworkID("999999999999999@lid")))).isEmpty)
        }
    }
}
