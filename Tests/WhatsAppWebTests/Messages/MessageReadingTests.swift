import Foundation
import SwiftProtobuf
import Testing
import WhatsAppProto
import WhatsAppWire

@testable import WhatsAppWeb

@Suite struct MessageReadingTests {
    /// A kind of message: how it is written, and what is read.
    struct Sample: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let expected: MessageContent
        let fill: @Sendable (inout WAMessage) -> Void

        init(_ name: String, _ expected: MessageContent, _ fill: @escaping @Sendable (inout WAMessage) -> Void) {
            testDescription = name
            self.expected = expected
            self.fill = fill
        }
    }

    static let samples: [Sample] = [
        Sample("text", .text(TextContent("hi"))) { $0.conversation = "hi" },
        Sample(
            "text with preview",
            .text(TextContent("see https://a.example", preview: LinkPreview(link: "https://a.example", title: "A")))
        ) {
            $0.extendedText.text = "see https://a.example"
            $0.extendedText.matchedText = "https://a.example"
            $0.extendedText.previewTitle = "A"
        },
        Sample("broken image", .image(ImageContent(nil, caption: "c", width: 3))) {
            $0.image.caption = "c"
            $0.image.width = 3
            $0.image.directPath = "//evil.example"
        },
        Sample("gif", .video(VideoContent(nil, isGIF: true))) { $0.video.gifPlayback = true },
        Sample("round note", .video(VideoContent(nil, seconds: 4, isRoundNote: true))) { $0.videoNote.seconds = 4 },
        Sample("voice note", .audio(AudioContent(nil, seconds: 2, isVoiceNote: true, waveform: [1, 2]))) {
            $0.audio.voiceNote = true
            $0.audio.seconds = 2
            $0.audio.waveform = Data([1, 2])
        },
        Sample("document", .document(DocumentContent(nil, fileName: "a.pdf"))) { $0.document.fileName = "a.pdf" },
        Sample("sticker", .sticker(StickerContent(nil, isAnimated: true))) { $0.sticker.isLottie = true },
        Sample("location", .location(Place(latitude: 31.5, longitude: 34.75, name: "n"))) {
            $0.location.latitude = 31.5
            $0.location.longitude = 34.75
            $0.location.name = "n"
        },
        Sample("location beyond the poles", .other(field: "location")) { $0.location.latitude = 91 },
        Sample("contacts", .contacts([ContactCard(name: "Omer", vcard: "BEGIN:VCARD")])) {
            var contact = WAContactMessage()
            contact.displayName = "Omer"
            contact.vcard = "BEGIN:VCARD"
            $0.contacts.contacts = [contact]
        },
        Sample(
            "reaction to us",
            .reaction(
                Reaction(
                    "👍", to: MessageReference(id: "M", chat: People.dana, sender: People.me, isFromMe: true),
                    at: Date(timeIntervalSince1970: 5)))
        ) {
            $0.reaction.key.id = "M"
            $0.reaction.key.remoteJid = "15550000009@s.whatsapp.net"
            $0.reaction.text = "👍"
            $0.reaction.senderTimestampMs = 5_000
        },
        Sample("poll", .poll(Poll("Lunch?", options: ["Falafel", "Soup"], maximumChoices: nil))) {
            $0.pollCreation.name = "Lunch?"
            $0.pollCreation.options = ["Falafel", "Soup"].map { name in .with { $0.name = name } }
        },
        Sample("quiz", .poll(Poll("1+1?", options: ["2"], isQuiz: true))) {
            $0.pollCreationV5.name = "1+1?"
            $0.pollCreationV5.options = [.with { $0.name = "2" }]
            $0.pollCreationV5.selectableOptionsCount = 1
            $0.pollCreationV5.pollKind = .quiz
        },
        Sample("button", .choice(Choice(kind: .button, id: "yes", title: "Yes"))) {
            $0.buttonsResponse.selectedButtonID = "yes"
            $0.buttonsResponse.selectedDisplayText = "Yes"
        },
        Sample("list", .choice(Choice(kind: .list, id: "row1", title: "Row"))) {
            $0.listResponse.singleSelectReply.selectedRowID = "row1"
            $0.listResponse.title = "Row"
        },
        Sample("template", .choice(Choice(kind: .templateButton, id: "t", title: "T"))) {
            $0.templateButtonReply.selectedID = "t"
            $0.templateButtonReply.selectedDisplayText = "T"
        },
        Sample("form", .choice(Choice(kind: .form, id: "x", title: "B", json: #"{"id":"x"}"#))) {
            $0.interactiveResponse.body.text = "B"
            $0.interactiveResponse.nativeFlowResponse.paramsJson = #"{"id":"x"}"#
        },
        Sample("timer", .timer(seconds: 86_400, setAt: nil)) {
            $0.protocolMessage.kind = .ephemeralSetting
            $0.protocolMessage.ephemeralExpiration = 86_400
        },
        Sample("album", .album(images: 2, videos: 1)) {
            $0.album.expectedImageCount = 2
            $0.album.expectedVideoCount = 1
        },
        Sample("call log", .other(field: "call_log")) { $0.callLog.isVideo = true },
        Sample("field of tomorrow", .other(field: "field 3000")) {
            try? $0.merge(serializedBytes: [0xC2, 0xBB, 0x01, 1, 7])
        },
    ]

    @Test(arguments: samples) func `reads each kind`(_ sample: Sample) throws {
        #expect(try ReceivedMessage.read(sample.fill)?.content == sample.expected)
    }

    @Test(arguments: samples) func `reads each kind in any envelope`(_ sample: Sample) throws {
        let message = try ReceivedMessage.read {
            sample.fill(&$0.deviceSent.message.ephemeral.message.viewOnceV2.message.documentWithCaption.message)
        }
        #expect(message?.content == sample.expected)
        #expect(message?.isViewOnce == true)
    }

    @Test func `news between own devices is no message`() throws {
        #expect(try ReceivedMessage.read { $0.protocolMessage.kind = .appStateSyncKeyShare } == nil)
        #expect(try ReceivedMessage.read { $0.senderKeyDistribution.groupID = "1@g.us" } == nil)
        #expect(try ReceivedMessage.read { $0.messageContext.messageSecret = Data(count: 32) } == nil)
        #expect(try ReceivedMessage.read { _ in } == nil)
    }

    @Test func `keeps the secret, the keys of the group and the destination that envelopes hold`() throws {
        var message = WAMessage()
        message.deviceSent.destinationJid = "1@lid"
        message.deviceSent.message.conversation = "hi"
        message.messageContext.messageSecret = Data(repeating: 7, count: 32)
        message.senderKeyDistribution.groupID = "1@g.us"
        let opened = OpenedMessage(message)
        #expect(opened.secret == [UInt8](repeating: 7, count: 32))
        #expect(opened.destination == "1@lid")
        #expect(opened.groupSenderKey?.groupID == "1@g.us")
        #expect(opened.message.conversation == "hi")
    }

    @Test func `opens eight envelopes and no more`() throws {
        var message = WAMessage.with { $0.conversation = "hi" }
        for _ in 0..<8 { message = .with { $0.ephemeral.message = message } }
        #expect(OpenedMessage(message).message.conversation == "hi")
        message = .with { $0.ephemeral.message = message }
        #expect(OpenedMessage(message).isTooDeep)
        #expect(
            try ReceivedMessage(header: .fromDana(), bytes: message.serializedBytes())?.content
                == .other(field: "envelopes"))
    }

    @Test func `reads quote, mentions, timer and forwarding`() throws {
        let message = try #require(
            try ReceivedMessage.read {
                $0.extendedText.text = "@799454487762298 yes"
                $0.extendedText.contextInfo = .with {
                    $0.stanzaID = "Q"
                    $0.participant = "799454487762298:3@lid"
                    $0.quotedMessage.conversation = "shall we?"
                    $0.mentionedJids = ["799454487762298@lid", "nonsense@", "15550000007:2@s.whatsapp.net"]
                    $0.expiration = 604_800
                    $0.isForwarded = true
                }
            })
        #expect(message.quote?.target.id == "Q")
        #expect(message.quote?.target.isFromMe == true)
        #expect(message.quote?.content == .text(TextContent("shall we?")))
        #expect(message.mentions == [People.me, .phoneNumber("15550000007")])
        #expect(message.mentionsMe)
        #expect(message.expiration == 604_800)
        #expect(message.isForwarded)
        #expect(message.pushName == "Dana")
        #expect(message.senderPhone == People.danaPhone)
    }
}
