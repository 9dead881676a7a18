import NIOHTTP1

/// A user in a list that is not a message: by number or by id.
public enum UserReference: Sendable, Hashable {
    /// Digits.
    case number(WhatsAppUserNumber)
    /// The id towards our portfolio.
    case user(BusinessScopedUserID)

    var body: GraphBody {
        switch self {
        case .number(let number): .members(("user", .string(number.rawValue)))
        case .user(let user): .members(("user_id", .string(user.rawValue)))
        }
    }

    init?(_ json: JSON) {
        if let number = WhatsAppUserNumber(json["wa_id"]) ?? WhatsAppUserNumber(json["input"]) {
            self = .number(number)
        } else if let user = BusinessScopedUserID(json["user_id"]) {
            self = .user(user)
        } else {
            return nil
        }
    }
}

/// What became of a request to block or unblock.
public struct BlockResult: Sendable, Equatable {
    /// Who is blocked, or no longer blocked.
    public let changed: [UserReference]
    /// For whom it failed: blocking needs a message of the user in the last 24 hours.
    public let failed: [UserReference]

    init(_ json: JSON) {
        let lists = json["block_users"]
        let done = (lists?["added_users"]?.elements ?? []) + (lists?["removed_users"]?.elements ?? [])
        changed = done.compactMap(UserReference.init)
        failed = (lists?["failed_users"]?.elements ?? []).compactMap(UserReference.init)
    }
}

extension GraphClient {
    /// Blocks users; 1 to 1000 at once, 64,000 in all.
    ///
    /// A failure for some of them is no error: see `failed`.
    public func block(_ users: [UserReference]) async throws(GraphError) -> BlockResult {
        try await changeBlocks("block users", .POST, users)
    }

    /// Unblocks users; 1 to 1000 at once.
    public func unblock(_ users: [UserReference]) async throws(GraphError) -> BlockResult {
        try await changeBlocks("unblock users", .DELETE, users)
    }

    /// Reads one page of the blocked users.
    /// - Parameter after: the cursor of the page before.
    /// - Returns: the users, and the cursor of the next page if there is one.
    public func blockedUsers(after: String? = nil) async throws(GraphError) -> (users: [UserReference], next: String?) {
        let request = GraphRequest(
            operation: "read blocked users", method: .GET, path: [phoneNumberID, "block_users"],
            query: after.map { [("after", $0)] } ?? [])
        let json = try await call(request).json
        return ((json["data"]?.elements ?? []).compactMap(UserReference.init), Self.nextPage(json))
    }

    private func changeBlocks(
        _ operation: String, _ method: HTTPMethod, _ users: [UserReference]
    ) async throws(GraphError) -> BlockResult {
        do { try Limit.count("block_users", users.count, 1...1000) } catch { throw GraphError(error) }
        let body = GraphBody.members(
            ("messaging_product", "whatsapp"), ("block_users", .array(users.map(\.body))))
        var request = GraphRequest(
            operation: operation, method: method, path: [phoneNumberID, "block_users"], body: .json(body))
        // A partial failure is an HTTP 400 with both lists beside the error.
        request.readsErrors = true
        let answer = try await call(request)
        if let failure = answer.failure, answer.json["block_users"] == nil { throw failure }
        return BlockResult(answer.json)
    }

    /// The cursor behind the last entry of a page, if there are more.
    static func nextPage(_ json: JSON) -> String? {
        guard json["paging"]?["next"] != nil else { return nil }
        return json["paging"]?["cursors"]?["after"]?.text
    }
}
