import WhatsAppProto

/// A message freed of all its envelopes, and what the envelopes said.
///
/// This is the only place that knows envelopes.
struct OpenedMessage {
    /// The message inside.
    private(set) var message: WAMessage
    /// The chat of a message that another own device sent. Only of worth if it came from the own account.
    private(set) var destination: String?
    private(set) var isViewOnce = false
    private(set) var isEdit = false
    /// Keys of a group that go with it.
    private(set) var groupSenderKey: WAGroupSenderKey?
    /// The message's secret.
    private(set) var secret: [UInt8]?
    /// Whether there are more envelopes than anybody needs; then `message` is one of them.
    private(set) var isTooDeep = false

    /// The most envelopes that are opened.
    static let mostEnvelopes = 8

    init(_ outer: WAMessage) {
        message = outer
        note(outer)
        for _ in 0..<Self.mostEnvelopes {
            guard let inner = open(message) else { return }
            message = inner
            note(inner)
        }
        isTooDeep = open(message) != nil
    }

    private mutating func note(_ message: WAMessage) {
        if groupSenderKey == nil, message.hasSenderKeyDistribution {
            groupSenderKey = message.senderKeyDistribution
        }
        let secret = message.messageContext.messageSecret
        if message.hasMessageContext, secret.count == MessageSecret.byteCount { self.secret = secret.byteArray }
    }

    /// The message in the envelope; nil if it is none.
    private mutating func open(_ message: WAMessage) -> WAMessage? {
        if message.hasDeviceSent {
            guard message.deviceSent.hasMessage else { return nil }
            destination = destination ?? message.deviceSent.destinationJid
            return message.deviceSent.message
        }
        guard let wrapped = Self.wrapped(message), wrapped.hasMessage else { return nil }
        if message.hasViewOnce || message.hasViewOnceV2 || message.hasViewOnceV2Extension { isViewOnce = true }
        if message.hasEdited { isEdit = true }
        return wrapped.message
    }

    private static func wrapped(_ message: WAMessage) -> WAWrappedMessage? {
        if message.hasEphemeral { return message.ephemeral }
        if message.hasViewOnce { return message.viewOnce }
        if message.hasViewOnceV2 { return message.viewOnceV2 }
        if message.hasViewOnceV2Extension { return message.viewOnceV2Extension }
        if message.hasDocumentWithCaption { return message.documentWithCaption }
        if message.hasEdited { return message.edited }
        if message.hasBotInvoke { return message.botInvoke }
        if message.hasLottieSticker { return message.lottieSticker }
        if message.hasGroupMentioned { return message.groupMentioned }
        if message.hasAssociatedChild { return message.associatedChild }
        if message.hasPollCreationV4 { return message.pollCreationV4 }
        return rarelyWrapped(message)
    }

    private static func rarelyWrapped(_ message: WAMessage) -> WAWrappedMessage? {
        if message.hasEventCoverImage { return message.eventCoverImage }
        if message.hasStatusMention { return message.statusMention }
        if message.hasPollOptionImage { return message.pollOptionImage }
        if message.hasGroupStatusMention { return message.groupStatusMention }
        if message.hasStatusAddYours { return message.statusAddYours }
        if message.hasGroupStatus { return message.groupStatus }
        if message.hasGroupStatusV2 { return message.groupStatusV2 }
        if message.hasLimitSharing { return message.limitSharing }
        if message.hasBotTask { return message.botTask }
        if message.hasBotForwarded { return message.botForwarded }
        if message.hasQuestion { return message.question }
        if message.hasQuestionReply { return message.questionReply }
        if message.hasNewsletterAdminProfile { return message.newsletterAdminProfile }
        if message.hasSpoiler { return message.spoiler }
        return nil
    }
}
