import BotKit
import Foundation
import WhatsAppCloud

/// What is still to be done with an update that is stored.
enum StoredUpdate: Sendable, Hashable, Codable {
    /// News of a message of ours.
    case status(StoredStatus)
    /// Something happened to a whole account.
    case notice(StoredNotice)

    /// The update as it is stored.
    func encoded() throws -> String { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }

    init(encoded text: String) throws { self = try JSONDecoder().decode(StoredUpdate.self, from: Data(text.utf8)) }
}

/// News of a message of ours, without any name or number.
struct StoredStatus: Sendable, Hashable, Codable {
    /// The token that a send carries and each of its statuses brings back.
    enum Token {
        private static let rowMark = "m"
        /// What the template of a closed window carries: it has no row.
        static let template = "t"

        static func of(_ row: Int64) -> String { "\(rowMark)\(row)" }
        static func row(in text: String) -> Int64? {
            text.hasPrefix(rowMark) ? Int64(text.dropFirst(rowMark.count)) : nil
        }
    }

    var message: MessageID
    var row: Int64?
    /// Whether it is news of a template, which the outbox does not know.
    var isTemplate = false
    /// `nil` when it failed.
    var reached: DeliveryReport.State?
    /// Meta's codes, when it failed.
    var codes: [Int] = []
    /// The chat, when it failed and the recipient is known.
    var chat: ChatID?
    /// The price category, when this status says that it costs money.
    var billed: String?
    var at: Date

    /// - Returns: `nil` for a status that changes nothing: an unknown word, or one member of a group.
    init?(_ status: StatusUpdate, chat: ChatID?) {
        switch status.status {
        case .sent: reached = .sent
        case .delivered: reached = .delivered
        case .read: reached = .read
        case .played: reached = .played
        case .failed:
            // One member of a group that was not reached does not make the message undelivered.
            if status.isGroup && (status.participantID != nil || status.participantUserID != nil) { return nil }
            codes = status.errors.map(\.code)
            self.chat = chat
        case .other: return nil
        }
        message = MessageID(rawValue: status.id.rawValue)
        row = status.callbackData.flatMap(Token.row)
        isTemplate = status.callbackData == Token.template
        at = status.timestamp
        // The price comes again with a later status; it is counted once.
        if status.status == .sent, status.pricing?.isBillable == true { billed = status.pricing?.category ?? "other" }
    }
}

/// Something that happened to an account, as far as somebody has to act.
struct StoredNotice: Sendable, Hashable, Codable {
    enum Severity: String, Sendable, Codable { case stop, restrict, resume, alert, info }

    var severity: Severity
    /// The webhook field and the event in it, such as `account_update` and `ACCOUNT_VIOLATION`.
    var field: String
    var event: String?
    /// The WhatsApp business account.
    var businessAccount: String?
    var codes: [Int] = []
    /// When a restriction ends, if Meta says so.
    var until: Date?

    /// - Returns: `nil` when nobody has to do anything.
    init?(_ update: AccountUpdate, of account: BusinessAccountID?) {
        switch update.severity {
        case .stopSending: severity = update.event == "ACCOUNT_RESTRICTION" ? .restrict : .stop
        case .alert: severity = .alert
        case .info: severity = Self.isReturn(update) ? .resume : .info
        case .ignored: return nil
        }
        field = Self.word(update.field)
        event = update.event.map(Self.word)
        businessAccount = account?.rawValue
        if severity == .restrict, case .account(let account) = update.details { until = account.answersStopUntil }
    }

    /// Errors of the app or the account.
    init(_ errors: [ReportedError], of account: BusinessAccountID?) {
        severity = .alert
        field = "errors"
        codes = errors.map(\.code)
        businessAccount = account?.rawValue
    }

    private static func isReturn(_ update: AccountUpdate) -> Bool {
        guard update.field == "account_update", case .account(let account) = update.details else { return false }
        return account.banState == "REINSTATE" || update.event == "ACCOUNT_RECONNECTED"
    }

    /// Meta's words reach the log: short, and of plain characters.
    private static func word(_ text: String) -> String {
        String(text.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }.prefix(64))
    }
}
