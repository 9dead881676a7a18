public import Foundation
import WhatsAppProto

/// Something that was added to a message and can be read only with that message's secret.
public struct SealedAddition: Sendable, Hashable {
    /// What kind of addition it is; the raw value is part of its key.
    public enum Use: String, Sendable, Hashable, CaseIterable {
        case pollVote = "Poll Vote"
        case reaction = "Enc Reaction"
        case comment = "Enc Comment"
        case eventResponse = "Event Response"
        case eventEdit = "Event Edit"
        case messageEdit = "Message Edit"
        case pollEdit = "Poll Edit"
    }

    public var use: Use
    /// The message that it belongs to.
    public var target: MessageReference
    /// Ciphertext and tag of AES-256-GCM.
    public var payload: [UInt8]
    /// 12 bytes.
    public var nonce: [UInt8]
    /// The sender's own time.
    public var at: Date?

    public init(use: Use, target: MessageReference, payload: [UInt8], nonce: [UInt8], at time: Date? = nil) {
        self.use = use
        self.target = target
        self.payload = payload
        self.nonce = nonce
        at = time
    }

    init?(_ vote: WAPollUpdateMessage, in header: MessageHeader) {
        guard let target = MessageReference(vote.pollCreationKey, in: header) else { return nil }
        self.init(
            use: .pollVote, target: target, payload: vote.vote.payload.byteArray, nonce: vote.vote.iv.byteArray,
            at: Date(messageMilliseconds: vote.senderTimestampMs))
    }

    init?(_ message: WASecretMessage, use: Use, in header: MessageHeader) {
        guard let target = MessageReference(message.target, in: header) else { return nil }
        self.init(use: use, target: target, payload: message.payload.byteArray, nonce: message.iv.byteArray)
    }

    init?(_ message: WAEncEventResponseMessage, in header: MessageHeader) {
        guard let target = MessageReference(message.eventCreationKey, in: header) else { return nil }
        self.init(
            use: .eventResponse, target: target, payload: message.payload.byteArray, nonce: message.iv.byteArray)
    }

    init?(_ message: WASecretEncryptedMessage, in header: MessageHeader) {
        let use: Use? =
            switch message.kind {
            case .eventEdit: .eventEdit
            case .messageEdit: .messageEdit
            case .pollEdit, .pollAddOption: .pollEdit
            case .unknown, .messageSchedule: nil
            }
        guard let use, let target = MessageReference(message.target, in: header) else { return nil }
        self.init(use: use, target: target, payload: message.payload.byteArray, nonce: message.iv.byteArray)
    }
}
