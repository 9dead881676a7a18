import Foundation

/// How a call of `/messages` ends.
struct Reception: Sendable {
    /// What the bot gets.
    enum Ending: Sendable {
        case answer(EmulatorJSON, after: Duration)
        case failure(EmulatedError)
        case page(Int)
        case silence(Duration)
        case cut
    }

    let ending: Ending
    /// The statuses that follow.
    var deliveries: [WebhookSender.Delivery] = []
}

extension GraphWorld {
    /// Takes a call whose body was checked, applies faults and account rules, and records it.
    func receive(_ call: MessagesCall, from number: BusinessNumber, body: [UInt8]) -> Reception {
        switch call {
        case .message(let message): receive(message, from: number, body: body)
        case .read(_, let showsTyping): receipt(showsTyping ? "typing" : "read", from: number, body: body)
        }
    }

    /// Records a call that was refused for its body.
    func refuse(_ error: EmulatedError, from number: BusinessNumber, body: [UInt8]) {
        var entry = entry(kind: "unreadable", number: number, body: body)
        entry.outcome = .refused
        entry.errorCode = error.code
        log.append(entry)
    }

    private func entry(kind: String, number: BusinessNumber, body: [UInt8]) -> SentMessage {
        SentMessage(
            time: now, phoneNumberID: number.phoneNumberID, kind: kind, outcome: .accepted,
            body: log.keepsBodies ? String(decoding: body, as: UTF8.self) : "")
    }

    private func receipt(_ kind: String, from number: BusinessNumber, body: [UInt8]) -> Reception {
        var entry = entry(kind: kind, number: number, body: body)
        entry.outcome = .receipt
        let fault = faults.take(phoneNumberID: number.phoneNumberID, users: [], kind: kind)
        return end(fault, &entry) { _ in .object(["success": true]) }
    }

    private func receive(_ message: OutgoingMessage, from number: BusinessNumber, body: [UInt8]) -> Reception {
        let user = user(of: message.recipient)
        var entry = entry(kind: message.kind, number: number, body: body)
        entry.recipient = message.recipient.written
        entry.user = user?.phone ?? user?.scopedID ?? message.recipient.written
        entry.callbackData = message.callbackData
        entry.contextID = message.contextID
        let names = [message.recipient.written, user?.phone, user?.scopedID].compactMap { $0 }
        let fault = faults.take(phoneNumberID: number.phoneNumberID, users: names, kind: message.kind)

        var laterFailure: Int?
        if case .failedStatus(let code)? = fault?.effect { laterFailure = code }
        if fault?.isRecorded != false {
            do throws(EmulatedError) {
                laterFailure = try check(message, user, number) ?? laterFailure
            } catch {
                entry.outcome = .refused
                entry.errorCode = error.code
                log.append(entry)
                return Reception(ending: .failure(error))
            }
        }
        if case .misplacedUser = message.recipient { entry.outcome = .lost }
        let isLost = entry.outcome == .lost
        var reception = end(fault, &entry) { entry in
            let id = Identifiers.message(user: entry.user ?? "", isIncoming: false)
            entry.id = id
            return answer(message, user, id)
        }
        if let id = entry.id, !isLost {
            if message.kind == "reaction", reactionIDs.count < 100_000 { reactionIDs.insert(id) }
            reception.deliveries = reports(of: message, id, user, number, laterFailure)
        }
        return reception
    }

    /// Records `entry` as `fault` has it, and says how the call ends.
    private func end(
        _ fault: SendFault?, _ entry: inout SentMessage, answer: (inout SentMessage) -> EmulatorJSON
    ) -> Reception {
        entry.fault = fault?.name
        if let fault, !fault.isRecorded {
            let error = fault.error
            entry.outcome = error == nil ? .dropped : .refused
            entry.errorCode = error?.code
            log.append(entry)
            return Reception(ending: fault.ending(nil))
        }
        let json = answer(&entry)
        log.append(entry)
        return Reception(ending: fault?.ending(json) ?? .answer(json, after: .zero))
    }

    private func user(of recipient: OutgoingMessage.Recipient) -> SimulatedUser? {
        switch recipient {
        case .phone(_, let digits): users.user(phone: digits)
        case .user(let id): users.user(scopedID: id)
        case .misplacedUser, .group: nil
        }
    }

    /// Applies the rules that need the account's state.
    /// - Returns: the code of a failure that Meta reports later by webhook, or `nil`.
    private func check(
        _ message: OutgoingMessage, _ user: SimulatedUser?, _ number: BusinessNumber
    ) throws(EmulatedError) -> Int? {
        if case .misplacedUser = message.recipient { return nil }
        var laterFailure: Int?
        if case .group(let id) = message.recipient { try groups.check(id, number) }
        if let phone = user?.phone, phone == number.displayNumber { throw EmulatedError(code: 131021) }
        for use in message.media {
            guard let file = media.media(use.id, at: now) else {
                throw .invalidParameter(
                    "Param \(use.kind)['id'] is not a valid whatsapp business account media attachment ID")
            }
            if !MediaKinds.fits(file.mimeType, use.kind) { laterFailure = 131053 }
        }
        if let use = message.template {
            try accounts.checkTemplate(use, account: number.accountID, acceptsAny: configuration.acceptsAnyTemplate)
        }
        guard let user else { return laterFailure }
        if enforcesRates {
            try rates.take(phoneNumberID: number.phoneNumberID, user: user.scopedID, at: now)
        }
        if message.kind == "reaction", let target = message.targetID, reactionIDs.contains(target) {
            laterFailure = 131009
        }
        if !user.isOnWhatsApp { laterFailure = 131026 }
        let isOpen = windows.isOpen(phoneNumberID: number.phoneNumberID, user: user.scopedID, at: now)
        if window != .off, message.template == nil, !isOpen {
            guard window == .fail else {
                throw EmulatedError(
                    code: 131047,
                    details: "Message failed to send because more than 24 hours have passed since the customer last "
                        + "replied to this number.")
            }
            laterFailure = 131047
        }
        return laterFailure
    }

    private func answer(_ message: OutgoingMessage, _ user: SimulatedUser?, _ id: String) -> EmulatorJSON {
        let contact: EmulatorJSON
        var groupID: String?
        switch message.recipient {
        case .phone(let input, let digits):
            contact = ["input": .string(input), "wa_id": .string(user?.phone ?? digits)]
        case .user(let id), .misplacedUser(let id):
            contact = ["input": .string(id), "user_id": .string(id)]
        case .group(let id):
            contact = ["input": .string(id), "wa_id": .string(id)]
            groupID = id
        }
        return [
            "messaging_product": "whatsapp", "contacts": [contact],
            "messages": [
                .object([
                    "id": .string(id), "message_status": message.template == nil ? nil : "accepted",
                    "group_id": groupID.map(EmulatorJSON.string),
                ])
            ],
        ]
    }

    private func reports(
        of message: OutgoingMessage, _ id: String, _ user: SimulatedUser?, _ number: BusinessNumber, _ failure: Int?
    ) -> [WebhookSender.Delivery] {
        var groupID: String?
        if case .group(let id) = message.recipient { groupID = id }
        let category = message.template.flatMap { accounts.category(of: $0, account: number.accountID) } ?? "service"
        let script = StatusScript(
            number: number, messageID: id, user: user, groupID: groupID, callbackData: message.callbackData,
            category: category, clockOffset: clockOffset)
        if let failure { return [script.failure(failure, delay: configuration.statusDelay)] }
        return script.delivery(statuses, delay: configuration.statusDelay).map { [$0] } ?? []
    }
}

extension OutgoingMessage.Recipient {
    /// What stood in `to` or `recipient`.
    var written: String {
        switch self {
        case .phone(let input, _): input
        case .user(let id), .misplacedUser(let id), .group(let id): id
        }
    }
}

extension SendFault {
    /// Whether the message counts as taken all the same.
    var isRecorded: Bool {
        switch effect {
        case .error, .tooManyRequests, .page: false
        case .timeOut(let isRecorded, _), .cut(let isRecorded): isRecorded
        case .slow, .failedStatus: true
        }
    }

    /// The error of the answer; `nil` when the effect is another.
    var error: EmulatedError? {
        switch effect {
        case .error(let code, let status, let details):
            EmulatedError(code: code, details: details, httpStatus: status)
        case .tooManyRequests(let seconds):
            EmulatedError(code: 130429, details: "Rate limit hit", httpStatus: 429, retryAfterSeconds: seconds)
        case .page: EmulatedError(code: 1)
        default: nil
        }
    }

    /// How the call ends; `json` is the answer of a recorded one.
    func ending(_ json: EmulatorJSON?) -> Reception.Ending {
        if case .page(let status) = effect { return .page(status) }
        if let error { return .failure(error) }
        switch effect {
        case .timeOut(_, let hold): return .silence(hold)
        case .slow(let delay): return .answer(json ?? [:], after: delay)
        case .failedStatus: return .answer(json ?? [:], after: .zero)
        default: return .cut
        }
    }
}
