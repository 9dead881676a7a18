import Foundation

/// One group of a business number.
struct EmulatedGroup: Sendable {
    let id: String
    let phoneNumberID: String
    var subject: String
    var description: String?
    let joinApprovalMode: String
    let created: Date
    var inviteLink: String
    /// Phones or business-scoped ids of the members.
    var participants: [String] = []

    var json: EmulatorJSON {
        .object([
            "messaging_product": "whatsapp", "id": .string(id), "subject": .string(subject),
            "description": description.map(EmulatorJSON.string), "join_approval_mode": .string(joinApprovalMode),
            "creation_timestamp": .integer(Int(created.timeIntervalSince1970)), "suspended": false,
            "total_participant_count": .integer(participants.count + 1),
            "participants": .array(
                participants.map {
                    Identifiers.isBusinessScopedUser($0) ? ["user_id": .string($0)] : ["wa_id": .string($0)]
                }),
        ])
    }
}

/// The groups of all numbers (Meta, Cloud API, Groups).
struct GroupBook {
    private static let maximumParticipants = 8
    private static let maximumGroups = 10_000
    private(set) var groups: [String: EmulatedGroup] = [:]

    static func newInviteLink() -> String { "https://chat.whatsapp.com/\(Identifiers.trace())" }

    mutating func create(_ body: EmulatorJSON, number: BusinessNumber, at time: Date) throws(EmulatedError)
        -> EmulatedGroup
    {
        let rules = try FieldRules(body, path: "group")
        guard groups.count < Self.maximumGroups else { throw EmulatedError(code: 131211) }
        let mode =
            body["join_approval_mode"] == nil
            ? "auto_approve" : try rules.choice("join_approval_mode", ["auto_approve", "approval_required"])
        let group = EmulatedGroup(
            id: Identifiers.group(displayNumber: number.displayNumber), phoneNumberID: number.phoneNumberID,
            subject: try rules.text("subject", 1...128),
            description: try rules.optionalText("description", 0...2048), joinApprovalMode: mode, created: time,
            inviteLink: Self.newInviteLink())
        groups[group.id] = group
        return group
    }

    mutating func change(_ id: String, _ body: EmulatorJSON) throws(EmulatedError) {
        let rules = try FieldRules(body, path: "group")
        let subject = try rules.optionalText("subject", 1...128)
        let description = try rules.optionalText("description", 0...2048)
        guard var group = groups[id] else { throw EmulatedError(code: 131020) }
        group.subject = subject ?? group.subject
        group.description = description ?? group.description
        groups[id] = group
    }

    mutating func remove(_ id: String) { groups[id] = nil }

    mutating func resetInviteLink(_ id: String) { groups[id]?.inviteLink = Self.newInviteLink() }

    mutating func addParticipants(_ users: [String], to id: String) throws(EmulatedError) {
        guard var group = groups[id] else { throw EmulatedError(code: 131020) }
        group.participants += users.filter { !group.participants.contains($0) }
        guard group.participants.count <= Self.maximumParticipants else { throw EmulatedError(code: 131204) }
        groups[id] = group
    }

    mutating func removeParticipants(_ users: [String], from id: String) throws(EmulatedError) {
        guard var group = groups[id] else { throw EmulatedError(code: 131020) }
        guard users.allSatisfy(group.participants.contains) else { throw EmulatedError(code: 131212) }
        group.participants.removeAll(where: users.contains)
        groups[id] = group
    }

    /// Refuses a group that is not this number's.
    func check(_ id: String, _ number: BusinessNumber) throws(EmulatedError) {
        guard groups[id]?.phoneNumberID == number.phoneNumberID else {
            throw EmulatedError(code: 131041, details: "The group is not known to this number")
        }
    }
}
