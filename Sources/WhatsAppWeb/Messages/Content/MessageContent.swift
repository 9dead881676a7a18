public import Foundation

/// What a message says, freed of its envelopes.
public enum MessageContent: Sendable, Hashable {
    case text(TextContent)
    case image(ImageContent)
    /// A film, a GIF or a round video note.
    case video(VideoContent)
    /// A sound file or a voice note.
    case audio(AudioContent)
    case document(DocumentContent)
    case sticker(StickerContent)
    case location(Place)
    case liveLocation(LivePlace)
    case contacts([ContactCard])
    case reaction(Reaction)
    indirect case edit(MessageEdit)
    case revoke(Revocation)
    case poll(Poll)
    /// A vote, still sealed with the poll's secret.
    case pollVote(SealedAddition)
    /// An addition to another message that is sealed with that message's secret.
    case sealed(SealedAddition)
    /// What somebody chose from a menu of a business.
    case choice(Choice)
    /// A menu of a business.
    case menu(Menu)
    case groupInvite(GroupInvite)
    case event(ChatEvent)
    /// A message was pinned in the chat, or is no longer.
    case pin(MessageReference, isPinned: Bool)
    /// Messages of the chat disappear from now on after so many seconds; 0 is never.
    case timer(seconds: Int, setAt: Date?)
    /// The beginning of an album, whose pictures follow as messages of their own.
    case album(images: Int, videos: Int)
    /// Something that has no form here; the name is that of the protobuf field. The message's bytes hold it.
    case other(field: String)

    /// The text that a person reads in it: a text, a caption, a question, the title of what was chosen.
    public var text: String? {
        switch self {
        case .text(let text): text.text
        case .image(let image): image.caption
        case .video(let video): video.caption
        case .document(let document): document.caption
        case .poll(let poll): poll.question
        case .choice(let choice): choice.title ?? choice.id
        case .menu(let menu): menu.body
        case .edit(let edit): edit.content.text
        case .event(let event): event.name
        case .groupInvite(let invite): invite.caption
        case .location(let place): place.name
        case .liveLocation(let place): place.caption
        default: nil
        }
    }

    /// The file that goes with it.
    public var media: MediaReference? {
        switch self {
        case .image(let image): image.media
        case .video(let video): video.media
        case .audio(let audio): audio.media
        case .document(let document): document.media
        case .sticker(let sticker): sticker.media
        default: nil
        }
    }
}
