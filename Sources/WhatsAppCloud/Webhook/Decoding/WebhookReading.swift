import Foundation

/// One pass over a parsed body, collecting updates.
struct WebhookReading {
    private let limit: Int
    private(set) var updates: [WebhookUpdate] = []

    init(limit: Int) {
        self.limit = limit
    }

    mutating func readEnvelope(_ root: JSON) throws(WebhookFailure) {
        guard root["object"]?.string == "whatsapp_business_account" else {
            return try add(.unreadable(reason: "object is not whatsapp_business_account"), root, Frame())
        }
        for entry in root["entry"]?.elements ?? [] {
            guard let changes = entry["changes"], changes.isArray else {
                try add(.unreadable(reason: "entry has no changes"), entry, Frame(entry: entry))
                continue
            }
            for change in changes.elements { try readChange(change, of: entry) }
        }
    }

    mutating func readChange(_ change: JSON, of entry: JSON?) throws(WebhookFailure) {
        let frame = Frame(entry: entry, change: change)
        guard let value = change["value"], value.isObject, !frame.field.isEmpty else {
            return try add(.unreadable(reason: "change has no field or no value"), change, frame)
        }
        switch frame.field {
        case "messages":
            try readMessages(value, change, frame)
        case "smb_message_echoes":
            let echoes = value["message_echoes"]?.elements ?? []
            for echo in echoes { try readEcho(echo, frame) }
            if echoes.isEmpty { try add(.account(AccountUpdate(frame.field, value)), change, frame) }
        default:
            try add(.account(AccountUpdate(frame.field, value)), change, frame)
        }
    }

    private mutating func readMessages(_ value: JSON, _ change: JSON, _ frame: Frame) throws(WebhookFailure) {
        let before = updates.count
        let messages = value["messages"]?.elements ?? []
        let statuses = value["statuses"]?.elements ?? []
        let contacts = ContactBook(value["contacts"])
        for message in messages {
            let only = messages.count == 1 ? contacts.only : nil
            let read = IncomingMessage(message, contacts: contacts, fallback: only, sentAt: frame.sentAt)
            try add(
                read.map { .message($0) } ?? .unreadable(reason: "message has no id or no timestamp"), message, frame)
        }
        for status in statuses {
            let read = StatusUpdate(status, contacts: contacts, sentAt: frame.sentAt)
            let reason = "status has no id, no status or no timestamp"
            try add(read.map { .status($0) } ?? .unreadable(reason: reason), status, frame)
        }
        let errors = ReportedError.list(value["errors"])
        if !errors.isEmpty, let list = value["errors"] { try add(.errors(errors), list, frame) }
        if updates.count == before { try add(.account(AccountUpdate(frame.field, value)), change, frame) }
    }

    private mutating func readEcho(_ echo: JSON, _ frame: Frame) throws(WebhookFailure) {
        let message = IncomingMessage(echo, contacts: ContactBook(nil), fallback: nil, sentAt: frame.sentAt)
        guard let message else {
            return try add(.unreadable(reason: "echo has no id or no timestamp"), echo, frame)
        }
        let to = WhatsAppUserNumber(echo["to"])
        let toUserID = BusinessScopedUserID(echo["to_user_id"])
        try add(.echo(MessageEcho(message: message, to: to, toUserID: toUserID)), echo, frame)
    }

    private mutating func add(
        _ payload: WebhookUpdate.Payload, _ piece: JSON, _ frame: Frame
    ) throws(WebhookFailure) {
        guard updates.count < limit else {
            throw WebhookFailure(.tooMany, "webhook body has more than \(limit) updates")
        }
        updates.append(
            WebhookUpdate(
                businessAccountID: frame.businessAccountID, phoneNumberID: frame.phoneNumberID,
                displayPhoneNumber: frame.displayPhoneNumber, field: frame.field, sentAt: frame.sentAt,
                payload: payload, raw: piece.raw))
    }
}

/// What all updates of one change share.
private struct Frame {
    var businessAccountID: BusinessAccountID?
    var phoneNumberID: PhoneNumberID?
    var displayPhoneNumber: String?
    var field = ""
    var sentAt: Date?

    init(entry: JSON? = nil, change: JSON? = nil) {
        let metadata = change?["value"]?["metadata"]
        businessAccountID = BusinessAccountID(entry?["id"])
        phoneNumberID = PhoneNumberID(metadata?["phone_number_id"])
        displayPhoneNumber = metadata?["display_phone_number"]?.identifier
        field = change?["field"]?.text ?? ""
        sentAt = Date(unixSeconds: entry?["time"])
    }
}
