import BotKit
import Foundation
import TestKit
import Testing
import WhatsAppProto
import WhatsAppWeb
import WhatsAppWire

@testable import Providers
@testable import WhatsAppEmulator

/// A linked account, with the emulated servers and phones, as the provider contract stages it.
struct WebUnderTest: NetworkUnderTest {
    let rig: WebRig
    let web: WhatsAppWebProvider
    let running: RunningProvider?
    let lids: (bot: JID, member: JID, stranger: JID)

    static func staged(_ body: @escaping @Sendable (WebUnderTest) async throws -> Void) async throws {
        try await WebRig.running { rig, provider, running in
            let lids = (
                try await rig.addresses(of: WebRig.bot).lid, try await rig.addresses(of: WebRig.dana).lid,
                try await rig.addresses(of: WebRig.omer).lid
            )
            try await body(WebUnderTest(rig: rig, web: provider, running: running, lids: lids))
        }
    }

    var provider: any MessageProvider { web }
    var member: (name: String, phone: PhoneNumber?) { ("Dana", PhoneNumber(WebRig.dana)) }
    var received: [InboundMessage] { rig.inbox.new }
    var reports: [DeliveryReport] { rig.reports.all }
    var unknownChat: ChatID { ChatID(account: WebRig.account, address: lids.stranger) }

    private var device: EmulatorJSON { .string("\(WebRig.bot):1@s.whatsapp.net") }

    func refuseToStore(_ count: Int) { rig.inbox.refuse(count) }
    func repeatNext() async throws { try await rig.post("/duplicate", ["jid": device, "count": 1]) }

    func write(_ said: MemberMessage) async throws -> BotKit.MessageID {
        var message = WAMessage()
        switch said {
        case .text(let text): return try await rig.say(text)
        case .reply(let text, let target):
            message.extendedText.text = text
            message.extendedText.contextInfo.stanzaID = target.rawValue
            message.extendedText.contextInfo.participant = lids.bot.description
            message.extendedText.contextInfo.quotedMessage.conversation = "quoted"
        case .image(let data, let caption):
            let answer = try await rig.post(
                "/phone/send",
                [
                    "account": .string(WebRig.dana), "to": .string(WebRig.bot), "caption": .string(caption),
                    "image_base64": .string(data.base64EncodedString()), "mimetype": "image/png",
                ])
            return BotKit.MessageID(rawValue: try #require(answer["id"]?.text))
        case .reaction(let emoji, let target):
            message.reaction.key.remoteJid = lids.bot.description
            message.reaction.key.id = target.rawValue
            message.reaction.key.fromMe = false
            message.reaction.text = emoji
            return try await rig.send(message, type: "reaction")
        case .choice(let menu, let index):
            let answer = try await rig.post(
                "/phone/vote",
                [
                    "account": .string(WebRig.dana), "to": .string(WebRig.bot), "id": .string(menu.rawValue),
                    "option": .integer(index + 1),
                ])
            return BotKit.MessageID(rawValue: try #require(answer["id"]?.text))
        case .location(let latitude, let longitude, let name):
            message.location.latitude = latitude
            message.location.longitude = longitude
            message.location.name = name
            return try await rig.send(message, type: "media")
        }
        return try await rig.send(message)
    }

    func read(_ message: BotKit.MessageID) async throws {
        try await rig.post(
            "/phone/read",
            [
                "account": .string(WebRig.dana), "id": .string(message.rawValue),
                "chat": .string(lids.bot.description),
            ])
    }

    func isMarkedRead(_ message: BotKit.MessageID) async throws -> Bool {
        try await rig.log(message.rawValue).contains { $0.contains("<receipt") && $0.contains("type=\"read\"") }
    }

    func isTypingShown() async throws -> Bool {
        try await rig.log("<composing").contains { $0.contains("chatstate") }
    }

    func fail(_ fault: NetworkFault) async throws {
        let number: EmulatorJSON =
            switch fault {
            case .trouble: 503
            case .refusal: 463
            }
        try await rig.post("/refuse-message", ["account": .string(WebRig.bot), "error": number])
    }

    func shutDown() async throws { try await running?.shutDown() }

    func makeGroup(_ subject: String) async throws -> ChatID {
        let made = try await rig.post(
            "/phone/group",
            [
                "account": .string(WebRig.dana), "subject": .string(subject),
                "participants": [.string(WebRig.bot), .string(WebRig.omer)],
            ])
        return ChatID(account: WebRig.account, name: try #require(made["jid"]?.text))
    }

    func setAdmin(_ isAdmin: Bool, in group: ChatID) async throws {
        try await rig.post(
            "/phone/group-change",
            [
                "account": .string(WebRig.dana), "group": .string(group.name),
                "action": isAdmin ? "promote" : "demote", "participants": [.string(WebRig.bot)],
            ])
    }

    func write(_ text: String, in group: ChatID) async throws -> BotKit.MessageID {
        try await rig.say(text, as: WebRig.omer, to: group.name)
    }

    func isDeleted(_ message: BotKit.MessageID) async throws -> Bool {
        try await rig.mail(of: WebRig.dana).contains { seen in
            seen.message.protocolMessage.kind == .revoke && seen.message.protocolMessage.key.id == message.rawValue
        }
    }

    func shown() async throws -> [ShownMessage] {
        var shown: [ShownMessage] = []
        for seen in try await rig.mail(of: WebRig.dana) {
            let change = seen.message.edited.message.protocolMessage
            let message = change.hasEditedMessage ? change.editedMessage : seen.message
            let context = message.anyContext
            let quotes = context.stanzaID.isEmpty ? nil : BotKit.MessageID(rawValue: context.stanzaID)
            let line = ShownMessage(id: seen.id, form: message.form, quotes: quotes)
            guard change.hasEditedMessage else {
                shown.append(line)
                continue
            }
            // A phone looks for the message by chat, author and id.
            let isTheirs = change.key.fromMe && JID(change.key.remoteJid) == lids.member
            if isTheirs, let index = shown.firstIndex(where: { $0.id.rawValue == change.key.id }) {
                shown[index].form = line.form
                shown[index].quotes = line.quotes
            }
        }
        return shown
    }
}

extension WAMessage {
    /// Where a quote stands.
    fileprivate var anyContext: WAContextInfo {
        if hasExtendedText { return extendedText.contextInfo }
        if hasPollCreationV3 { return pollCreationV3.contextInfo }
        return WAContextInfo()
    }

    fileprivate var form: ShownMessage.Form {
        if hasConversation { return .text(conversation) }
        if hasExtendedText { return .text(extendedText.text) }
        if hasPollCreationV3 {
            return .menu(question: pollCreationV3.name, titles: pollCreationV3.options.map(\.name))
        }
        if hasReaction { return .reaction(to: BotKit.MessageID(rawValue: reaction.key.id), emoji: reaction.text) }
        if hasImage { return .media(.image, caption: image.caption) }
        if hasVideo { return .media(.video, caption: video.caption) }
        if hasSticker { return .media(.sticker, caption: "") }
        if hasAudio {
            let isVoice = audio.voiceNote && audio.waveform.count == 64
            return .media(isVoice ? .voice : .audio, caption: "")
        }
        if hasDocument { return .media(.document, caption: document.caption) }
        if hasDocumentWithCaption {
            return .media(.document, caption: documentWithCaption.message.document.caption)
        }
        return .text("?")
    }
}
