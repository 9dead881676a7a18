import Foundation
import WhatsAppCloud

/// Shows what is read from webhook bodies, for people who look for a mistake. It checks no signature.
public enum WebhookInspection {
    /// One JSON object in a line for each update of a body, in order.
    ///
    /// The keys are `file`, `account`, `kind`, `id`, `from`, `user_id`, `timestamp` (seconds since 1970), `text`,
    /// `reply_to`, `media_id`, `status` and `errors` (Meta's codes), each only where there is something to say. A kind
    /// that is not known is `unsupported`; a piece that cannot be read is one line of the kind `unreadable`.
    /// - Parameter file: what to call the body.
    /// - Throws: `Unreadable` when the whole body is no webhook.
    public static func lines(of body: [UInt8], file: String) throws(Unreadable) -> [String] {
        do {
            return try WebhookDecoder().decode(body).map { Line($0, file: file).json }
        } catch {
            throw Unreadable(reason: error.message)
        }
    }

    /// A body that is no webhook, such as one that is no JSON.
    public struct Unreadable: Error {
        /// Why, in a few words that quote nothing of it.
        public let reason: String
    }

    private struct Line: Encodable {
        var file: String
        var account: String?
        var kind: String
        var id: String?
        var from: String?
        var userID: String?
        var timestamp: Int?
        var words: String?
        var replyTo: String?
        var mediaID: String?
        var status: String?
        var errors: [Int]?

        enum CodingKeys: String, CodingKey {
            case file, account, kind, id, from
            case userID = "user_id"
            case timestamp
            case words = "text"
            case replyTo = "reply_to"
            case mediaID = "media_id"
            case status, errors
        }

        init(file: String, kind: String) {
            self.file = file
            self.kind = kind
        }

        init(_ update: WebhookUpdate, file: String) {
            self.init(file: file, kind: update.field)
            account = update.phoneNumberID?.rawValue ?? update.businessAccountID?.rawValue
            timestamp = update.sentAt.map { Int($0.timeIntervalSince1970) }
            switch update.payload {
            case .message(let message): read(message)
            case .echo(let echo):
                read(echo.message)
                kind = "echo"
            case .status(let report): read(report)
            case .errors(let list):
                kind = "errors"
                note(list)
            case .account(let account):
                status = account.event
                words = account.words
            case .unreadable(let reason):
                kind = "unreadable"
                words = reason
            }
        }

        var json: String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            // Strings and integers always encode.
            guard let data = try? encoder.encode(self) else { return "{}" }
            return String(decoding: data, as: UTF8.self)
        }

        private mutating func read(_ message: IncomingMessage) {
            kind = message.type
            id = message.id.rawValue
            from = message.from?.rawValue
            userID = message.userID?.rawValue
            timestamp = Int(message.timestamp.timeIntervalSince1970)
            words = message.content.words
            replyTo = message.context?.messageID?.rawValue
            note(message.errors)
            switch message.content {
            case .image(let media), .video(let media), .document(let media), .audio(let media), .sticker(let media):
                mediaID = media.id.rawValue
            case .reaction(let reaction): replyTo = reaction.messageID.rawValue
            case .edit(let original, _), .revoke(let original): replyTo = original.rawValue
            case .unsupported, .unknown, .interactive(.unknown): kind = "unsupported"
            default: break
            }
        }

        private mutating func read(_ report: StatusUpdate) {
            kind = "status"
            id = report.id.rawValue
            userID = report.recipientUserID?.rawValue
            timestamp = Int(report.timestamp.timeIntervalSince1970)
            status = report.status.word
            note(report.errors)
        }

        private mutating func note(_ list: [ReportedError]) { errors = list.isEmpty ? nil : list.map(\.code) }
    }
}

extension AccountUpdate {
    /// What the event says, in few words.
    fileprivate var words: String? {
        switch details {
        case .template(let template): template.reason ?? template.new ?? template.name
        case .account(let account): account.banState ?? account.violationType ?? account.restrictions.first?.type
        case .numberQuality(let limit): limit
        case .numberName(_, let reason): reason
        case .other(let description): description
        case .capability, .preferences, .groups, .calls: nil
        }
    }
}
