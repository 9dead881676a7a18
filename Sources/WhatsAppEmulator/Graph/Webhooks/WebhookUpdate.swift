/// One thing that Meta reports by webhook.
struct WebhookUpdate: Sendable {
    /// The part of the envelope that it stands in.
    enum Content: Sendable {
        case message(EmulatorJSON)
        case status(EmulatorJSON)
        /// The whole `value` of another field.
        case value(EmulatorJSON)
        /// A whole body, already encoded; it travels alone.
        case body([UInt8])
    }

    /// How the body is signed.
    enum Signature: String, Sendable, CaseIterable {
        case valid, wrong, missing
    }

    let number: BusinessNumber
    /// The field of the change, `messages` for messages and statuses.
    var field = "messages"
    let content: Content
    /// The element of `contacts[]`; `nil` when the real envelope has none.
    var contact: EmulatorJSON?
    /// Whom it concerns, for the order of webhooks and for faults.
    let user: String
    var signature = Signature.valid

    /// The name of its class for faults and counts.
    var group: String {
        switch content {
        case .message: "messages"
        case .status: "statuses"
        case .value, .body: "other"
        }
    }

    /// What the log of webhooks calls it: the kind of message, or the status.
    var label: String {
        switch content {
        case .message(let message): message["type"]?.text ?? "message"
        case .status(let status): "status \(status["status"]?.text ?? "")"
        case .value: field
        case .body: "raw"
        }
    }
}

/// Builds the body of a webhook (Meta, Cloud API, Webhooks: components).
enum WebhookEnvelope {
    /// The bytes that are signed and sent, escaped as Meta escapes.
    static func encode(_ updates: [WebhookUpdate]) -> [UInt8] {
        if case .body(let bytes)? = updates.first?.content { return bytes }
        return json(updates).encoded(.meta)
    }

    /// The envelope of `updates`: one entry for each account, one change for each run of the same number and class.
    static func json(_ updates: [WebhookUpdate]) -> EmulatorJSON {
        var accounts: [(id: String, changes: [EmulatorJSON])] = []
        for run in runs(updates) {
            guard let first = run.first else { continue }
            let change: EmulatorJSON = .object(["field": .string(first.field), "value": value(run)])
            if let index = accounts.firstIndex(where: { $0.id == first.number.accountID }) {
                accounts[index].changes.append(change)
            } else {
                accounts.append((first.number.accountID, [change]))
            }
        }
        return [
            "object": "whatsapp_business_account",
            "entry": .array(accounts.map { ["id": .string($0.id), "changes": .array($0.changes)] }),
        ]
    }

    private static func runs(_ updates: [WebhookUpdate]) -> [[WebhookUpdate]] {
        var runs: [[WebhookUpdate]] = []
        for update in updates {
            if let last = runs.last?.last, update.field == "messages", last.field == "messages",
                last.group == update.group,
                last.number.phoneNumberID == update.number.phoneNumberID
            {
                runs[runs.count - 1].append(update)
            } else {
                runs.append([update])
            }
        }
        return runs
    }

    private static func value(_ run: [WebhookUpdate]) -> EmulatorJSON {
        var messages: [EmulatorJSON] = []
        var statuses: [EmulatorJSON] = []
        var contacts: [EmulatorJSON] = []
        for update in run {
            switch update.content {
            case .message(let message): messages.append(message)
            case .status(let status): statuses.append(status)
            case .value(let value): return value
            case .body: continue
            }
            if let contact = update.contact, !contacts.contains(contact) { contacts.append(contact) }
        }
        guard let number = run.first?.number else { return [:] }
        return .object([
            "messaging_product": "whatsapp",
            "metadata": [
                "display_phone_number": .string(number.displayNumber), "phone_number_id": .string(number.phoneNumberID),
            ],
            "contacts": contacts.isEmpty ? nil : .array(contacts),
            "messages": messages.isEmpty ? nil : .array(messages),
            "statuses": statuses.isEmpty ? nil : .array(statuses),
        ])
    }
}
