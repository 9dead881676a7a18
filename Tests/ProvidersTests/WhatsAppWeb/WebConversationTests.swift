import BotKit
import Foundation
import Testing
import TestKit
import WhatsAppProto
import WhatsAppWeb
import WhatsAppWire

@testable import Providers
@testable import WhatsAppEmulator

/// What linked accounts do beyond the contract of all networks.
@Suite(.timeLimit(.minutes(15))) struct WebConversationTests {
    private func send(
        _ content: RenderedReply.Content, to chat: ChatID, quoting: BotKit.MessageID? = nil,
        _ provider: WhatsAppWebProvider
    ) async throws -> BotKit.MessageID {
        try await provider.send(
            BotKit.OutgoingMessage(
                row: 1, chat: chat, messageID: provider.makeMessageID(),
                reply: RenderedReply(content: content, quotes: quoting), attempt: 0))
    }

    @Test func `a group hears us, and a mention is known`() async throws {
        try await WebRig.running { rig, provider, _ in
            let made = try await rig.post(
                "/phone/group",
                [
                    "account": .string(WebRig.omer), "subject": "Lab",
                    "participants": [.string(WebRig.bot), .string(WebRig.dana)],
                ])
            let group = try #require(made["jid"]?.text)
            let own = try await rig.addresses(of: WebRig.bot).lid
            var message = WAMessage()
            // Another member's number may begin with ours.
            message.extendedText.text = "@\(own.user) what time is it, @\(own.user)7?"
            message.extendedText.contextInfo.mentionedJids = [own.description]
            let id = try await rig.send(message, to: group)
            let heard = try await rig.message("the question") { $0.id == id }
            #expect(heard.isGroup && heard.mentionsBot && heard.text == "what time is it, @\(own.user)7?")
            #expect(heard.chat.name == group && heard.sender.name == "Dana")

            let answer = try await send(.text("noon"), to: heard.chat, quoting: id, provider)
            _ = try await send(.reaction(to: id, emoji: "👍"), to: heard.chat, provider)
            for number in [WebRig.dana, WebRig.omer] {
                #expect(try await eventually { try await rig.mail(of: number).contains { $0.message.hasReaction } })
                // The first part of a message to a group is its key.
                let seen = try #require(try await rig.mail(of: number).last { $0.id == answer })
                #expect(seen.message.extendedText.contextInfo.stanzaID == id.rawValue)
                #expect(seen.message.extendedText.contextInfo.quotedMessage.extendedText.text.contains("what time"))
            }
            for sign in ["REFUSED", "UNHANDLED", "REUSED", "could NOT"] { #expect(try await rig.log(sign).isEmpty) }
        }
    }

    @Test func `a group that names its members by number is heard and answered like any other`() async throws {
        try await WebRig.running { rig, provider, _ in
            let direct = try await rig.message("a direct message") { [id = try await rig.say("hello")] in $0.id == id }
            try await rig.post("/options", ["default_addressing": "pn"])
            let made = try await rig.post(
                "/phone/group",
                [
                    "account": .string(WebRig.omer), "subject": "Old lab",
                    "participants": [.string(WebRig.bot), .string(WebRig.dana)],
                ])
            let group = try #require(made["jid"]?.text)
            let own = try await rig.addresses(of: WebRig.bot).phone
            var message = WAMessage()
            message.extendedText.text = "@\(own.user) are you there?"
            message.extendedText.contextInfo.mentionedJids = [own.description]
            let id = try await rig.send(message, to: group)
            let heard = try await rig.message("the question") { $0.id == id }
            #expect(heard.isGroup && heard.mentionsBot && heard.text == "are you there?")
            // The same person, whatever a group calls them.
            #expect(heard.sender == direct.sender)
            #expect(try await rig.log("addressing_mode=\"pn\"").isEmpty == false)

            let answer = try await send(.text("I am"), to: heard.chat, quoting: id, provider)
            for number in [WebRig.dana, WebRig.omer] {
                #expect(try await eventually { try await rig.mail(of: number).contains { $0.id == answer } })
            }
            let profile = try await provider.profile(of: heard.chat)
            #expect(profile.members.contains { $0.id == heard.sender.id && $0.phone == heard.sender.phone })
            for sign in ["REFUSED", "UNHANDLED", "REUSED", "could NOT"] { #expect(try await rig.log(sign).isEmpty) }
        }
    }

    @Test func `a vote on the phone in the terminal chooses`() async throws {
        try await WebRig.running { rig, provider, _ in
            let phone = TerminalPhone(
                control: "http://127.0.0.1:\(rig.ports.control)", number: WebRig.dana, partner: WebRig.bot
            ) { _ in }
            try await phone.begin(name: "Dana")
            #expect(try await phone.take("what is there?"))
            let chat = try await rig.message("the question") { $0.text == "what is there?" }.chat
            await #expect(throws: WebControlClient.Refused.self) { try await phone.take(":vote 1") }
            let options = ["Tea", "Coffee"].map { RenderedReply.Option(id: "!drink \($0)", title: $0) }
            let menu = try await send(.menu(question: "What?", options: options), to: chat, provider)
            #expect(try await phone.answered(quiet: .zero, patience: .seconds(20)))
            for wrong in [":vote", ":vote 3", ":vote 0"] {
                await #expect(throws: WebControlClient.Refused.self) { try await phone.take(wrong) }
            }
            #expect(try await phone.take(":vote 2"))
            let vote = try await rig.message("the vote") { $0.quotes == menu }
            #expect(vote.content == .choice(id: "!drink Coffee", title: "Coffee"))
        }
    }

    @Test func `what the owner writes on the phone is no input`() async throws {
        try await WebRig.running { rig, _, _ in
            try await rig.say("from the owner", as: WebRig.bot, to: WebRig.dana)
            let id = try await rig.say("from dana")
            _ = try await rig.message("the message") { $0.id == id }
            #expect(rig.inbox.new.map(\.id) == [id])
        }
    }

    @Test func `after a restart answers are quoted, votes are read, and the member is no stranger`() async throws {
        try await WebRig.linked { rig in
            let asked = Recorded<(question: BotKit.MessageID, menu: BotKit.MessageID, chat: ChatID)>()
            try await run(rig) { provider in
                let question = try await rig.say("a question")
                let chat = try await rig.message("it") { $0.id == question }.chat
                let options = ["Yes", "No"].map { RenderedReply.Option(id: "answer \($0)", title: $0) }
                let menu = try await send(.menu(question: "Sure?", options: options), to: chat, provider)
                #expect(try await eventually { try await rig.mail(of: WebRig.dana).contains { $0.id == menu } })
                asked.set((question, menu, chat))
            }
            let before = try #require(asked.value)
            try await run(rig) { provider in
                let answer = try await send(.text("late"), to: before.chat, quoting: before.question, provider)
                #expect(try await eventually { try await rig.mail(of: WebRig.dana).contains { $0.id == answer } })
                let seen = try #require(try await rig.mail(of: WebRig.dana).first { $0.id == answer }).message
                #expect(seen.extendedText.contextInfo.quotedMessage.conversation == "a question")
                let lids = (try await rig.addresses(of: WebRig.bot).lid, try await rig.addresses(of: WebRig.dana).lid)
                let stage = WebUnderTest(
                    rig: rig, web: provider, running: nil, lids: (lids.0, lids.1, lids.1))
                let vote = try await stage.write(.choice(from: before.menu, index: 1))
                let choice = try await rig.message("the vote") { $0.id == vote }
                #expect(choice.content == .choice(id: "answer No", title: "No") && choice.quotes == before.menu)
            }
        }
    }

    private func run(
        _ rig: WebRig, _ body: @escaping @Sendable (WhatsAppWebProvider) async throws -> Void
    ) async throws {
        let provider = try #require(try await rig.network.providers().first)
        try await RunningProvider.running(provider) { _ in
            #expect(await eventually { provider.isConnected })
            try await body(provider)
        }
        provider.store.close()
    }

    @Test func `an account that is unlinked rests, and its provider goes on`() async throws {
        try await WebRig.running { rig, provider, running in
            let id = try await rig.say("hello")
            let chat = try await rig.message("it") { $0.id == id }.chat
            try await rig.post("/unlink", ["jid": .string("\(WebRig.bot):1@s.whatsapp.net")])
            #expect(await eventually { provider.state.stop != nil })
            let failure = await #expect(throws: SendFailure.self) { try await send(.text("x"), to: chat, provider) }
            #expect(failure?.remedy == .stopAccount && failure?.code == "unlinked_401")
            #expect(try await rig.network.providers().isEmpty)
            try await running.shutDown()
        }
    }

    @Test func `menus that no poll can hold are numbered, all of them when the owner wants it`() throws {
        func menu(_ count: Int, title: String = "Option") -> RenderedReply {
            RenderedReply(
                content: .menu(
                    question: "Which?", options: (0..<count).map { .init(id: "\($0)", title: title) }))
        }
        guard case .poll(_, let shown) = WebReplyBody(menu(3), menus: .polls) else { throw Outage("test", "no poll") }
        #expect(shown.map(\.title) == ["Option", "Option (2)", "Option (3)"])
        for (reply, style) in [
            (menu(1), "polls"), (menu(13), "polls"), (menu(2, title: ""), "polls"), (menu(3), "numbers"),
        ] {
            let style = try #require(WhatsAppWebSettings.MenuStyle(rawValue: style))
            guard case .text = WebReplyBody(reply, menus: style) else { throw Outage("test", "a poll") }
        }
    }

    @Test(arguments: [
        (WebError(.disconnected, ""), SendFailure.Remedy.holdAccount(.seconds(3))),
        (WebError(.timedOut, ""), .uncertain), (WebError(.unknownUser, ""), .giveUp),
        (WebError(.refused, status: 403, ""), .giveUp), (WebError(.refused, status: 503, ""), .retry(after: nil)),
        (WebError(.refused, status: 429, ""), .holdAccount(.seconds(60))), (WebError(.notLinked, ""), .stopAccount),
        (WebError(.store, ""), .retry(after: nil)), (WebError(.invalid, ""), .giveUp),
    ])
    func `a failed send says what is to be done`(error: WebError, remedy: SendFailure.Remedy) throws {
        let holds = try WhatsAppWebSettings(variables: [:]).holds
        #expect(SendFailure(web: error, holds: holds).remedy == remedy)
    }
}
