import Foundation
import SwiftProtobuf
import Testing
import WhatsAppProto
import WhatsAppWire

@testable import WhatsAppWeb

@Suite struct OutgoingMessageTests {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)
    static let secret = [UInt8](repeating: 9, count: 32)

    private func prepare(_ message: OutgoingMessage, for chat: JID = People.dana) throws -> PreparedMessage {
        try message.prepared(for: chat, at: Self.now, secret: Self.secret)
    }

    /// What the recipient reads, who sees us as Dana would be seen.
    private func read(_ prepared: PreparedMessage, _ header: MessageHeader = .fromMe()) throws -> ReceivedMessage {
        try #require(try ReceivedMessage(header: header, bytes: prepared.message.serializedBytes()))
    }

    @Test func `every kind of content is read as it was sent`() throws {
        let contents: [(OutgoingContent, MessageContent)] = [
            (.text("hi"), .text(TextContent("hi"))),
            (
                .image(ImageContent(try .sample(), caption: "c", width: 2, height: 3, thumbnail: [1])),
                .image(ImageContent(try .sample(), caption: "c", width: 2, height: 3, thumbnail: [1]))
            ),
            (
                .video(VideoContent(try .sample(.video), seconds: 3, isGIF: true)),
                .video(VideoContent(try .sample(.video), seconds: 3, isGIF: true))
            ),
            (
                .document(DocumentContent(try .sample(.document), fileName: "a.pdf", caption: "c")),
                .document(DocumentContent(try .sample(.document), fileName: "a.pdf", caption: "c"))
            ),
            (.sticker(StickerContent(try .sample())), .sticker(StickerContent(try .sample()))),
            (
                .location(Place(latitude: 1, longitude: 2, name: "n")),
                .location(Place(latitude: 1, longitude: 2, name: "n"))
            ),
            (
                .contacts([ContactCard(name: "Omer", vcard: "V"), ContactCard(name: "Dana", vcard: "W")]),
                .contacts([ContactCard(name: "Omer", vcard: "V"), ContactCard(name: "Dana", vcard: "W")])
            ),
            (.poll(Poll("Q", options: ["a", "b"])), .poll(Poll("Q", options: ["a", "b"]))),
        ]
        for (outgoing, expected) in contents {
            #expect(try read(prepare(OutgoingMessage(outgoing))).content == expected)
            let full = OutgoingMessage(outgoing, quote: Quote(Self.target), mentions: [People.omer], expiration: 86_400)
            let message = try read(prepare(full))
            #expect(message.content == expected)
            #expect(message.quote?.target == Self.target)
            #expect(message.mentions == [People.omer])
            #expect(message.expiration == 86_400)
        }
    }

    static let target = MessageReference(id: "T", chat: People.dana, sender: People.dana, isFromMe: false)
    static let ownTarget = MessageReference(id: "T", chat: People.dana, sender: People.me, isFromMe: true)

    @Test func `a voice note carries its wave`() throws {
        let wave = AudioContent.waveform(of: (0..<6400).map { Int16($0 % 100) * 300 })
        #expect(wave.count == 64)
        let note = AudioContent(try .sample(.audio), seconds: 4, isVoiceNote: true, waveform: wave)
        let prepared = try prepare(OutgoingMessage(.audio(note)))
        #expect(prepared.mediaType == "ptt")
        #expect(prepared.stanzaType == "media")
        #expect(try read(prepared).content == .audio(note))
        #expect(AudioContent.waveform(of: []) == [UInt8](repeating: 0, count: 64))
        #expect(AudioContent.waveform(of: [Int16.min]).contains(100))
        let bad = AudioContent(try .sample(.audio), isVoiceNote: true, waveform: [101])
        #expect(throws: WebError.self) { try prepare(OutgoingMessage(.audio(bad))) }
    }

    @Test func `changes are read as they were sent`() throws {
        let reaction = Reaction("👍", to: Self.target, at: Self.now)
        let reacted = try prepare(OutgoingMessage(.reaction(reaction)))
        #expect(try read(reacted).content == .reaction(reaction))
        #expect(reacted.stanzaType == "reaction")
        #expect(reacted.edit == nil)
        #expect(reacted.hidesFailure)
        #expect(try prepare(OutgoingMessage(.reaction(Reaction("", to: Self.target)))).edit == "7")

        let edited = try prepare(OutgoingMessage(.edit(Self.ownTarget, TextContent("new"))))
        #expect(
            try read(edited).content
                == .edit(MessageEdit(Self.ownTarget, content: .text(TextContent("new")), at: Self.now)))
        #expect(edited.edit == "1")
        #expect(edited.stanzaType == "text")
        #expect(edited.hidesFailure)

        let revoked = try prepare(OutgoingMessage(.revoke(Self.ownTarget)))
        #expect(try read(revoked).content == .revoke(Revocation(Self.ownTarget)))
        #expect(revoked.edit == "7")

        let theirs = MessageReference(id: "T", chat: People.group, sender: People.dana, isFromMe: false)
        let byAdmin = try prepare(OutgoingMessage(.revoke(theirs)), for: People.group)
        #expect(byAdmin.edit == "8")
        #expect(
            try read(byAdmin, .fromMe(in: People.group)).content == .revoke(Revocation(theirs, isByAnother: true)))

        let pinned = try prepare(OutgoingMessage(.pin(theirs, isPinned: true)), for: People.group)
        #expect(pinned.edit == "2")
        #expect(try read(pinned, .fromMe(in: People.group)).content == .pin(theirs, isPinned: true))
        let timer = try prepare(OutgoingMessage(.timer(seconds: 0)))
        #expect(try read(timer).content == .timer(seconds: 0, setAt: Self.now))
    }

    @Test func `the stanza says what kind of media it is`() throws {
        let kinds: [(OutgoingContent, String?)] = [
            (.text("hi"), nil), (.image(ImageContent(try .sample())), "image"),
            (.video(VideoContent(try .sample(.video))), "video"),
            (.video(VideoContent(try .sample(.video), isGIF: true)), "gif"),
            (.audio(AudioContent(try .sample(.audio))), "audio"),
            (.document(DocumentContent(try .sample(.document), fileName: "a", caption: "b")), "document"),
            (.sticker(StickerContent(try .sample())), "sticker"),
            (.contacts([ContactCard(name: "a", vcard: "b")]), "vcard"),
            (.text(TextContent("a", preview: LinkPreview(link: "a", title: "t"))), "url"),
        ]
        for (content, mediaType) in kinds {
            let prepared = try prepare(OutgoingMessage(content))
            #expect(prepared.mediaType == mediaType)
            #expect(prepared.stanzaType == (mediaType == nil ? "text" : "media"))
            #expect(prepared.edit == nil)
            #expect(!prepared.hidesFailure)
        }
    }

    @Test func `a poll has a secret, and one of a single choice a version of its own`() throws {
        let single = try prepare(OutgoingMessage(.poll(Poll("Q", options: ["a", "b"]))))
        #expect(single.message.hasPollCreationV3)
        #expect(single.stanzaType == "poll")
        #expect(single.pollType == "creation")
        #expect(try read(single).secret == Self.secret)
        let many = try prepare(OutgoingMessage(.poll(Poll("Q", options: ["a", "b"], maximumChoices: nil))))
        #expect(many.message.hasPollCreation)
        #expect(many.message.pollCreation.selectableOptionsCount == 0)
    }

    @Test func `the copy for own devices names the chat and keeps the secret outside`() throws {
        let prepared = try prepare(OutgoingMessage(.poll(Poll("Q", options: ["a", "b"]))))
        let copy = prepared.deviceSent(to: People.dana)
        #expect(copy.deviceSent.destinationJid == People.dana.description)
        #expect(copy.messageContext.messageSecret == Data(Self.secret))
        #expect(OpenedMessage(copy).message == prepared.message)
    }

    @Test func `an answer carries the quoted message without its own quote, keys and envelopes`() throws {
        let asked = try #require(
            try ReceivedMessage.read {
                $0.ephemeral.message.extendedText.text = "asked"
                $0.ephemeral.message.extendedText.contextInfo.stanzaID = "older"
                $0.ephemeral.message.extendedText.contextInfo.quotedMessage.conversation = "older"
                $0.senderKeyDistribution.groupID = "1@g.us"
                $0.messageContext.messageSecret = Data(count: 32)
            })
        let prepared = try prepare(OutgoingMessage(.text("answer"), quote: Quote(asked)))
        let context = prepared.message.extendedText.contextInfo
        #expect(context.quotedMessage == .with { $0.extendedText.text = "asked" })
        #expect(context.participant == People.dana.description)
        #expect(!context.hasRemoteJid)
        #expect(try read(prepared).quote?.content == .text(TextContent("asked")))
    }

    @Test func `a group's message quoted in private names its chat`() throws {
        let quote = Quote(MessageReference(id: "G", chat: People.group, sender: People.dana, isFromMe: false))
        let prepared = try prepare(OutgoingMessage(.text("psst"), quote: quote))
        #expect(prepared.message.extendedText.contextInfo.remoteJid == People.group.description)
        #expect(try read(prepared).quote?.target.chat == People.group)
    }

    @Test func `what makes no sense is refused`() throws {
        let bad: [OutgoingContent] = [
            .image(ImageContent(nil)), .image(ImageContent(try .sample(.video))), .contacts([]),
            .location(Place(latitude: .nan, longitude: 0)), .location(Place(latitude: 0, longitude: 181)),
            .poll(Poll("", options: ["a", "b"])), .poll(Poll("Q", options: ["a"])),
            .poll(Poll("Q", options: ["a", "a"])), .poll(Poll("Q", options: (0..<13).map(String.init))),
            .edit(Self.target, TextContent("not ours")), .timer(seconds: -1),
            .revoke(MessageReference(id: "", chat: People.dana, sender: People.me, isFromMe: true)),
        ]
        for content in bad {
            let error = #expect(throws: WebError.self) { try prepare(OutgoingMessage(content)) }
            #expect(error?.code == .invalid)
        }
    }
}
