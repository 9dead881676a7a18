public import Foundation
import WhatsAppProto

/// Something that is planned in a chat.
public struct ChatEvent: Sendable, Hashable {
    public var name: String
    public var details: String?
    public var place: Place?
    /// A link to join a call.
    public var link: String?
    public var startsAt: Date?
    public var endsAt: Date?
    public var isCanceled: Bool

    init(_ message: WAEventMessage) {
        name = message.name
        details = message.details.ifNotEmpty
        place = message.hasLocation ? Place(message.location) : nil
        link = message.joinLink.ifNotEmpty
        startsAt = Date(messageSeconds: message.startTime)
        endsAt = Date(messageSeconds: message.endTime)
        isCanceled = message.isCanceled
    }
}
