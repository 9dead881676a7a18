public import Foundation

/// One call of `/messages` as the emulator received it.
public struct SentMessage: Sendable {
    /// What became of a call.
    public enum Outcome: String, Sendable, CaseIterable {
        /// A message that was taken for delivery.
        case accepted
        /// A message that was answered with 200 and goes nowhere: a business-scoped user id stood in `to`.
        case lost
        /// A call that was answered with an error.
        case refused
        /// A call that an injected fault swallowed before it was recorded as a message.
        case dropped
        /// A read mark or a typing indicator that was taken.
        case receipt
    }

    /// Its number in the order of arrival, from 1.
    public var sequence = 0
    /// When it came, by the emulated clock.
    public var time: Date
    /// The number it was sent from.
    public var phoneNumberID: String
    /// `to` or `recipient` as it was written; `nil` for a receipt.
    public var recipient: String?
    /// The user or group: phone digits, a business-scoped user id when no phone is known, or a group's id.
    public var user: String?
    /// The kind of message, or `read` and `typing`.
    public var kind: String
    /// The id that the answer gave; `nil` when there was none.
    public var id: String?
    /// `biz_opaque_callback_data`.
    public var callbackData: String?
    /// The id of the quoted message.
    public var contextID: String?
    /// What became of the call.
    public var outcome: Outcome
    /// The error code of the answer.
    public var errorCode: Int?
    /// The injected fault that hit the call.
    public var fault: String?
    /// The body as it came, JSON in UTF-8; empty in lean mode.
    public var body: String

    /// The body, parsed; `nil` in lean mode or when it is no JSON.
    public var json: EmulatorJSON? { try? EmulatorJSON.parse(body) }

    /// The visible text: body of a text, caption of media, body of an interactive message; `nil` when there is none.
    public var text: String? {
        guard let json, let payload = json[kind] else { return nil }
        return payload["caption"]?.text ?? payload["body"]?.text ?? payload["body"]?["text"]?.text
    }
}

extension SentMessage {
    /// Everything but the body, in the names that the control API uses.
    private var head: EmulatorJSON {
        .object([
            "sequence": .integer(sequence), "time": .number(time.timeIntervalSince1970),
            "phone_number_id": .string(phoneNumberID), "recipient": recipient.map(EmulatorJSON.string),
            "user": user.map(EmulatorJSON.string), "kind": .string(kind), "id": id.map(EmulatorJSON.string),
            "callback_data": callbackData.map(EmulatorJSON.string), "context_id": contextID.map(EmulatorJSON.string),
            "outcome": .string(outcome.rawValue), "error_code": errorCode.map(EmulatorJSON.integer),
            "fault": fault.map(EmulatorJSON.string),
        ])
    }

    /// The object that the control API lists; `body` is the received object, or text when it is no JSON.
    var listing: EmulatorJSON {
        body.isEmpty ? head : head.with("body", json ?? .string(body))
    }
}

/// Which received calls are meant; an absent part matches all.
public struct SentFilter: Sendable {
    /// Only of this number.
    public var phoneNumberID: String?
    /// Only to this user: phone digits, a business-scoped user id, or a group's id, as in `SentMessage.user`.
    public var user: String?
    /// Only of this kind.
    public var kind: String?
    /// Only with this callback data.
    public var callbackData: String?
    /// Only after this sequence number.
    public var since = 0
    /// Only of these outcomes; `nil` means all.
    public var outcomes: Set<SentMessage.Outcome>?

    /// All accepted messages, narrowed by the given parts.
    public init(
        phoneNumberID: String? = nil, user: String? = nil, kind: String? = nil, callbackData: String? = nil,
        since: Int = 0,
        outcomes: Set<SentMessage.Outcome>? = [.accepted]
    ) {
        self.phoneNumberID = phoneNumberID
        self.user = user
        self.kind = kind
        self.callbackData = callbackData
        self.since = since
        self.outcomes = outcomes
    }

    /// Whether `message` is meant.
    func matches(_ message: SentMessage) -> Bool {
        message.sequence > since && outcomes?.contains(message.outcome) != false
            && (user == nil || user == message.user || user == message.recipient)
            && (kind == nil || kind == message.kind)
            && (phoneNumberID == nil || phoneNumberID == message.phoneNumberID)
            && (callbackData == nil || callbackData == message.callbackData)
    }
}
