public import Foundation
import NIOHTTP1

/// One of our groups; only Official Business Accounts have any, with at most 8 members.
public struct WhatsAppGroup: Sendable, Equatable {
    /// The group's id.
    public let id: WhatsAppGroupID
    /// Its name.
    public let subject: String?
    /// Its description.
    public let description: String?
    /// When it was made.
    public let createdAt: Date?
    /// Whether the network suspended it.
    public let isSuspended: Bool
    /// Whether joining needs our consent.
    public let needsApproval: Bool
    /// How many members it has, without us.
    public let memberCount: Int?
    /// Its members, without us.
    public let members: [UserReference]

    init?(_ json: JSON) {
        guard let id = WhatsAppGroupID(json["id"]) else { return nil }
        self.id = id
        subject = json["subject"]?.text
        description = json["description"]?.text
        createdAt = Date(unixSeconds: json["creation_timestamp"] ?? json["created_at"])
        isSuspended = json["suspended"]?.bool ?? false
        needsApproval = json["join_approval_mode"]?.text == "approval_required"
        memberCount = json["total_participant_count"]?.integer
        members = (json["participants"]?.elements ?? []).compactMap(UserReference.init)
    }
}

/// A user who wants to join a group.
public struct JoinRequest: Sendable, Equatable {
    /// The request's id.
    public let id: String
    /// Who asks.
    public let user: UserReference?
    /// When.
    public let createdAt: Date?
}

extension GraphClient {
    /// Asks for a new group; the group and its invite link come by webhook under the returned request id.
    /// - Parameters:
    ///   - subject: 1 to 128 characters.
    ///   - description: at most 2048 characters.
    public func createGroup(
        subject: String, description: String? = nil, needsApproval: Bool = false
    ) async throws(GraphError) -> String {
        let body = try Self.groupBody(subject: subject, description: description)
            .adding(("join_approval_mode", .string(needsApproval ? "approval_required" : "auto_approve")))
        let answer = try await call(
            GraphRequest(
                operation: "create group", method: .POST, path: [phoneNumberID, "groups"], body: .json(body)))
        guard let id = answer.json["request_id"]?.identifier else {
            throw GraphError(.unreadableAnswer, "create group: the answer has no request id")
        }
        return id
    }

    /// Reads one page of our groups.
    /// - Parameter limit: 1 to 1024 entries.
    public func groups(
        limit: Int = 25, after: String? = nil
    ) async throws(GraphError) -> (groups: [WhatsAppGroup], next: String?) {
        do { try Limit.count("limit", limit, 1...1024) } catch { throw GraphError(error) }
        let query = [("limit", String(limit))] + (after.map { [("after", $0)] } ?? [])
        let request = GraphRequest(
            operation: "read groups", method: .GET, path: [phoneNumberID, "groups"], query: query)
        let json = try await call(request).json
        let list = json["data"]?["groups"] ?? json["data"]
        return ((list?.elements ?? []).compactMap(WhatsAppGroup.init), Self.nextPage(json))
    }

    /// Reads one group.
    public func group(_ id: WhatsAppGroupID) async throws(GraphError) -> WhatsAppGroup {
        let fields = [
            "id", "subject", "description", "creation_timestamp", "suspended", "join_approval_mode",
            "total_participant_count", "participants",
        ]
        let request = GraphRequest(
            operation: "read group", method: .GET, path: [id.rawValue],
            query: [("fields", fields.joined(separator: ","))])
        guard let group = WhatsAppGroup(try await call(request).json) else {
            throw GraphError(.unreadableAnswer, "read group: the answer has no id")
        }
        return group
    }

    /// Changes a group's name or description.
    public func setGroup(
        _ id: WhatsAppGroupID, subject: String? = nil, description: String? = nil
    ) async throws(GraphError) {
        let body = try Self.groupBody(subject: subject, description: description)
        _ = try await call(
            GraphRequest(operation: "set group", method: .POST, path: [id.rawValue], body: .json(body)))
    }

    /// Deletes a group.
    public func deleteGroup(_ id: WhatsAppGroupID) async throws(GraphError) {
        _ = try await call(GraphRequest(operation: "delete group", method: .DELETE, path: [id.rawValue]))
    }

    /// Reads the link by which users join a group; members cannot be added, only invited.
    public func inviteLink(of id: WhatsAppGroupID) async throws(GraphError) -> String {
        try await link(
            GraphRequest(operation: "read invite link", method: .GET, path: [id.rawValue, "invite_link"]))
    }

    /// Makes a new link and ends the old one.
    public func resetInviteLink(of id: WhatsAppGroupID) async throws(GraphError) -> String {
        let body = GraphBody.members(("messaging_product", "whatsapp"))
        return try await link(
            GraphRequest(
                operation: "reset invite link", method: .POST, path: [id.rawValue, "invite_link"], body: .json(body)))
    }

    /// Removes members from a group.
    public func removeMembers(_ users: [UserReference], from id: WhatsAppGroupID) async throws(GraphError) {
        let list = GraphBody.array(users.map(\.body))
        try await change("remove group members", .DELETE, id, "participants", ("participants", list))
    }

    /// Reads who wants to join a group.
    public func joinRequests(
        of id: WhatsAppGroupID, after: String? = nil
    ) async throws(GraphError) -> (requests: [JoinRequest], next: String?) {
        let request = GraphRequest(
            operation: "read join requests", method: .GET, path: [id.rawValue, "join_requests"],
            query: after.map { [("after", $0)] } ?? [])
        let json = try await call(request).json
        let requests = (json["data"]?.elements ?? []).compactMap { entry -> JoinRequest? in
            guard let id = (entry["join_request_id"] ?? entry["id"])?.identifier else { return nil }
            return JoinRequest(
                id: id, user: UserReference(entry), createdAt: Date(unixSeconds: entry["creation_timestamp"]))
        }
        return (requests, Self.nextPage(json))
    }

    /// Lets users in, or not.
    public func answerJoinRequests(
        _ requests: [String], of id: WhatsAppGroupID, approve: Bool
    ) async throws(GraphError) {
        let list = GraphBody.array(requests.map { .string($0) })
        let operation = approve ? "approve join requests" : "reject join requests"
        try await change(operation, approve ? .POST : .DELETE, id, "join_requests", ("join_requests", list))
    }

    private func change(
        _ operation: String, _ method: HTTPMethod, _ id: WhatsAppGroupID, _ edge: String,
        _ member: (String, GraphBody?)
    ) async throws(GraphError) {
        let body = GraphBody.members(("messaging_product", "whatsapp"), member)
        _ = try await call(
            GraphRequest(operation: operation, method: method, path: [id.rawValue, edge], body: .json(body)))
    }

    private func link(_ request: GraphRequest) async throws(GraphError) -> String {
        guard let link = try await call(request).json["invite_link"]?.text else {
            throw GraphError(.unreadableAnswer, "\(request.operation): the answer has no invite link")
        }
        return link
    }

    private static func groupBody(subject: String?, description: String?) throws(GraphError) -> GraphBody {
        do {
            try Limit.optional("subject", subject, 128)
            if let description { try Limit.text("description", description, 0...2048) }
        } catch {
            throw GraphError(error)
        }
        return .members(
            ("messaging_product", "whatsapp"), ("subject", .text(subject)), ("description", .text(description)))
    }
}
