import Foundation

/// The calls that inject faults and change the emulated accounts.
extension ControlAPI {
    func addFault(_ call: EmulatorCall) async throws -> EmulatorReply {
        let fault = try SendFault(try call.json())
        await world.update { $0.faults.add(fault) }
        return .json(["ok": true])
    }

    func addWebhookFault(_ call: EmulatorCall) async throws -> EmulatorReply {
        await sender.desk.add(try WebhookFault(try call.json()))
        return .json(["ok": true])
    }

    func changeSettings(_ call: EmulatorCall) async throws -> EmulatorReply {
        let json = try call.json()
        let statuses = try choice(GraphEmulator.StatusReports.self, "statuses", json)
        let window = try choice(GraphEmulator.WindowRule.self, "window", json)
        await world.update { world in
            world.statuses = statuses ?? world.statuses
            world.window = window ?? world.window
            world.latency = (json["latency_ms"]?.whole).map { .milliseconds(min(max(0, $0), 600_000)) } ?? world.latency
            world.enforcesRates = json["rates"]?.flag ?? world.enforcesRates
            world.clockOffset = json["clock_offset_s"]?.decimal ?? world.clockOffset
        }
        return .json(await world.settings)
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(
        _: Choice.Type, _ name: String, _ json: EmulatorJSON
    ) throws -> Choice? where Choice.RawValue == String {
        guard let text = json[name]?.text else { return nil }
        guard let value = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw EmulatedError.invalidParameter("Param \(name) must be one of {\(known)}.")
        }
        return value
    }

    func moveClock(_ call: EmulatorCall) async throws -> EmulatorReply {
        guard let seconds = try call.json()["advance_s"]?.decimal else {
            throw EmulatedError.invalidParameter("The parameter advance_s is required.")
        }
        await world.update { $0.clockOffset += seconds }
        return .json(await world.settings)
    }

    func setWindow(_ call: EmulatorCall) async throws -> EmulatorReply {
        let json = try call.json()
        try await world.update { world in
            let number = try world.number(json["phone_number_id"]?.identifier)
            guard let user = json["user"]?.identifier.flatMap(world.users.user) else {
                throw EmulatedError.invalidParameter("Param user must be a phone number or a business-scoped user ID.")
            }
            if json["open"]?.flag == false {
                world.windows.close(phoneNumberID: number.phoneNumberID, user: user.scopedID)
            } else {
                world.windows.open(phoneNumberID: number.phoneNumberID, user: user.scopedID, at: world.now)
            }
        }
        return .json(["ok": true])
    }

    func addTemplate(_ call: EmulatorCall) async throws -> EmulatorReply {
        let json = try call.json()
        let template = try MessageTemplate(json)
        try await world.update { world in
            let account =
                try json["account_id"]?.identifier ?? world.number(json["phone_number_id"]?.identifier).accountID
            world.accounts.store(template, account: account)
        }
        return .json(template.json)
    }

    /// Makes a group at once, with members, or adds members to the group `id`.
    func addGroup(_ call: EmulatorCall) async throws -> EmulatorReply {
        let json = try call.json()
        let users = (json["participants"]?.items ?? []).compactMap(\.identifier)
        let (group, number) = try await world.update { world in
            let number = try world.number(json["phone_number_id"]?.identifier)
            let id = try json["id"]?.identifier ?? world.groups.create(json, number: number, at: world.now).id
            try world.groups.addParticipants(users, to: id)
            return (world.groups.groups[id], number)
        }
        guard let group else { throw EmulatedError(code: 131020) }
        if !users.isEmpty {
            let graph = GraphAPI(world: world, sender: sender, configuration: configuration)
            await sender.send(
                graph.participants(
                    group, number, type: "group_participants_add", name: "added_participants", users, nil))
        }
        return .json(group.json)
    }
}

extension SendFault {
    /// Reads a fault as the control API writes it.
    init(_ json: EmulatorJSON) throws(EmulatedError) {
        let rules = try FieldRules(json, path: "fault")
        let isRecorded = json["recorded"]?.flag ?? true
        let effect: Effect
        switch json["effect"]?.text {
        case "error":
            let code = Int(try rules.number("code", 0...9_999_999))
            effect = .error(code: code, httpStatus: json["http_status"]?.whole, details: json["details"]?.text)
        case "too_many_requests": effect = .tooManyRequests(retryAfterSeconds: json["retry_after_s"]?.whole ?? 4)
        case "time_out":
            let hold = min(max(0, json["hold_s"]?.decimal ?? 120), 3600)
            effect = .timeOut(isRecorded: isRecorded, hold: .milliseconds(Int(hold * 1000)))
        case "cut": effect = .cut(isRecorded: isRecorded)
        case "slow": effect = .slow(.milliseconds(min(max(0, json["delay_ms"]?.whole ?? 1000), 600_000)))
        case "page": effect = .page(httpStatus: min(max(400, json["http_status"]?.whole ?? 500), 599))
        case "failed_status": effect = .failedStatus(code: Int(try rules.number("code", 0...9_999_999)))
        default:
            throw .invalidParameter(
                "Param effect must be one of {error, too_many_requests, time_out, cut, slow, page, failed_status}.")
        }
        self.init(
            effect, times: json["times"]?.text == "all" ? nil : json["times"]?.whole ?? 1,
            skip: json["skip"]?.whole ?? 0,
            phoneNumberID: json["phone_number_id"]?.identifier,
            user: (json["user"]?.identifier).map { Identifiers.phoneDigits($0) ?? $0 }, kind: json["kind"]?.text)
    }
}

extension WebhookFault {
    /// Reads a fault as the control API writes it.
    init(_ json: EmulatorJSON) throws(EmulatedError) {
        let effect: Effect
        switch json["effect"]?.text {
        case "duplicate": effect = .duplicate(min(max(1, json["copies"]?.whole ?? 1), 1000))
        case "reorder":
            let within = min(max(0, json["within_ms"]?.whole ?? 1000), 600_000)
            effect = .reorder(min(max(2, json["count"]?.whole ?? 2), 10_000), within: .milliseconds(within))
        case "delay": effect = .delay(.milliseconds(min(max(0, json["delay_ms"]?.whole ?? 1000), 3_600_000)))
        case "drop": effect = .drop
        case "wrong_signature": effect = .wrongSignature
        default:
            throw .invalidParameter("Param effect must be one of {duplicate, reorder, delay, drop, wrong_signature}.")
        }
        self.init(
            effect, times: json["times"]?.text == "all" ? nil : json["times"]?.whole ?? 1, group: json["group"]?.text,
            user: json["user"]?.identifier)
    }
}
