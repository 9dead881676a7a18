public import Foundation

/// One thing that a webhook told us: a message, a status, an event of the account.
public struct WebhookUpdate: Sendable, Equatable {
    /// What was told.
    public enum Payload: Sendable, Equatable {
        /// A user wrote to us.
        case message(IncomingMessage)
        /// What became of a message that we sent.
        case status(StatusUpdate)
        /// Our own message, written in the business app on a phone (coexistence); never an input of the bot.
        case echo(MessageEcho)
        /// Errors of the app or the account, tied to no message.
        case errors([ReportedError])
        /// An event of the account, a template, a group or a call.
        case account(AccountUpdate)
        /// A piece that lacks what makes it usable (an id, a time); only `raw` is left of it.
        case unreadable(reason: String)
    }

    /// The account that the update is about.
    public let businessAccountID: BusinessAccountID?
    /// Which of our numbers; `nil` for events of a whole account.
    public let phoneNumberID: PhoneNumberID?
    /// The same number as people read it.
    public let displayPhoneNumber: String?
    /// The webhook field, such as `messages`.
    public let field: String
    /// When Meta made the entry, if it says so.
    public let sentAt: Date?
    /// What was told.
    public let payload: Payload
    /// The JSON text of exactly this update: one message, one status, or one change.
    public let raw: String
}

/// A message that we sent ourselves, from the business app on a phone (coexistence).
public struct MessageEcho: Sendable, Equatable {
    /// The message; its `from` is our own number.
    public let message: IncomingMessage
    /// Whom it was sent to.
    public let to: WhatsAppUserNumber?
    /// The same, for a user without a known number.
    public let toUserID: BusinessScopedUserID?
}

/// An error as Meta reports it inside a webhook.
public struct ReportedError: Sendable, Equatable {
    /// Meta's code; `ErrorTable` says what to do.
    public let code: Int
    /// A short name.
    public let title: String?
    /// A sentence; may name what was sent, so it is not for logs.
    public let message: String?
    /// More of it; not for logs either.
    public let details: String?
    /// Where it is documented.
    public let href: String?

    init?(_ json: JSON) {
        guard let code = json["code"]?.integer else { return nil }
        self.code = code
        title = json["title"]?.text
        message = json["message"]?.text
        details = json["error_data"]?["details"]?.text
        href = json["href"]?.text
    }

    static func list(_ json: JSON?) -> [ReportedError] { json?.elements.compactMap(ReportedError.init) ?? [] }
}

extension Date {
    /// Unix seconds, written as a string or as a number, in the years 1970 to 9999.
    init?(unixSeconds json: JSON?) {
        guard let seconds = json?.integer, (0...253_402_300_799).contains(seconds) else { return nil }
        self.init(timeIntervalSince1970: TimeInterval(seconds))
    }
}
