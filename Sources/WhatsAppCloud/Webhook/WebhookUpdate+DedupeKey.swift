import Crypto
import Foundation

extension WebhookUpdate {
    /// The same text for every delivery of the same update, and for no other: store it as unique for at least 8 days
    /// (Meta repeats for 7), and let the insert that wins do the work.
    ///
    /// Messages by our number and id; statuses by message, status and, in a group, member; all else by account, time of
    /// the entry, and the SHA-256 of its raw text: the same event can happen again, and to another account.
    public var dedupeKey: String {
        switch payload {
        case .message(let message):
            return "message|\(phoneNumberID?.rawValue ?? "")|\(message.id.rawValue)"
        case .echo(let echo):
            return "echo|\(phoneNumberID?.rawValue ?? "")|\(echo.message.id.rawValue)"
        case .status(let status):
            let member = status.participantID?.rawValue ?? status.participantUserID?.rawValue ?? ""
            return "status|\(status.id.rawValue)|\(status.status.word)|\(member)"
        case .errors, .account, .unreadable:
            let time = sentAt.map { String(Int64($0.timeIntervalSince1970)) } ?? ""
            return "hash|\(field)|\(businessAccountID?.rawValue ?? "")|\(time)|"
                + Hexadecimal.text(SHA256.hash(data: Data(raw.utf8)))
        }
    }
}
