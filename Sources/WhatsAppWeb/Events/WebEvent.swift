public import WhatsAppWire

/// Something the owner must not miss: it reaches the owner through the commit that makes it durable, and is
/// acknowledged to the server only after that.
public enum WebEvent: Sendable {
    case message(ReceivedMessage)
    /// A message that could not be read and will not come again; the owner may tell the member.
    case unreadable(UnreadableMessage)
    case receipt(MessageReceipt)
    case group(GroupEvent)
    /// A contact, chat or own setting changed on the phone.
    case appState(AppStateEvent)
    case history(HistoryPart)
    case linked(LinkedAccount)
    case unlinked(UnlinkReason)
    /// A contact has new keys: a new phone, or somebody between us.
    case identityChanged(JID)
    /// A stanza that the client does not know, as it came.
    case unknown(Node)
}
