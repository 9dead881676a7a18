/// What can be sent.
public enum OutgoingContent: Sendable, Hashable {
    case text(TextContent)
    case image(ImageContent)
    /// A film or a GIF.
    case video(VideoContent)
    /// A sound file or a voice note.
    case audio(AudioContent)
    case document(DocumentContent)
    case sticker(StickerContent)
    case location(Place)
    /// One or more.
    case contacts([ContactCard])
    /// A reaction; an empty one takes it back.
    case reaction(Reaction)
    /// A new text for an own message, within 15 minutes.
    case edit(MessageReference, TextContent)
    /// Deletes an own message for all; that of another as administrator of the group.
    case revoke(MessageReference)
    case poll(Poll)
    /// A vote, sealed; see `PollVote.sealed`.
    case pollVote(SealedAddition)
    /// Makes messages of a direct chat disappear from now on after so many seconds; 0 is never.
    case timer(seconds: Int)
    /// Pins a message in the chat, or takes it down.
    case pin(MessageReference, isPinned: Bool)

    /// A text.
    public static func text(_ text: String) -> OutgoingContent { .text(TextContent(text)) }
}
