public import Foundation
import NIOHTTP1

/// What a token is worth.
public struct TokenHealth: Sendable, Equatable {
    /// What a bot needs of a token.
    public static let neededScopes = [
        "business_management", "whatsapp_business_management", "whatsapp_business_messaging",
    ]

    /// Whether it works at all.
    public let isValid: Bool
    /// The app that it belongs to.
    public let appID: String?
    /// Such as `SYSTEM_USER`; a `USER` token of the dashboard ends after a day.
    public let type: String?
    /// When it ends; `nil` for never.
    public let expiresAt: Date?
    /// When it may no longer read data; `nil` for never.
    public let dataAccessExpiresAt: Date?
    /// What it may do.
    public let scopes: [String]

    /// What it should be allowed to do and is not.
    public var missingScopes: [String] { Self.neededScopes.filter { !scopes.contains($0) } }

    init(_ json: JSON) {
        isValid = json["is_valid"]?.bool ?? false
        appID = json["app_id"]?.identifier
        type = json["type"]?.text
        expiresAt = Self.end(json["expires_at"])
        dataAccessExpiresAt = Self.end(json["data_access_expires_at"])
        scopes = (json["scopes"]?.elements ?? []).compactMap(\.text)
    }

    /// Meta writes 0 for "never".
    private static func end(_ json: JSON?) -> Date? { json?.integer == 0 ? nil : Date(unixSeconds: json) }
}

/// An app that gets the webhooks of an account.
public struct SubscribedApp: Sendable, Equatable {
    /// The app's id.
    public let id: String?
    /// The app's name.
    public let name: String?
    /// Where this account's webhooks go instead of the app's own address.
    public let overrideURL: String?
}

extension GraphClient {
    /// Asks what our own token is worth; call it at the start and daily.
    public func tokenHealth() async throws(GraphError) -> TokenHealth {
        let operation = "check token"
        let token = try await authorization(operation).dropFirst("Bearer ".count)
        let request = GraphRequest(
            operation: operation, method: .GET, path: ["debug_token"], query: [("input_token", String(token))])
        guard let data = try await call(request).json["data"] else {
            throw GraphError(.unreadableAnswer, "\(operation): the answer has no data")
        }
        return TokenHealth(data)
    }

    /// Which apps get the webhooks of an account: ours must be among them.
    public func subscribedApps(of account: BusinessAccountID) async throws(GraphError) -> [SubscribedApp] {
        let request = GraphRequest(
            operation: "read subscribed apps", method: .GET, path: [account.rawValue, "subscribed_apps"])
        return (try await call(request).json["data"]?.elements ?? []).map { app in
            let data = app["whatsapp_business_api_data"]
            return SubscribedApp(
                id: data?["id"]?.identifier, name: data?["name"]?.text, overrideURL: app["override_callback_uri"]?.text)
        }
    }

    /// Makes our app get the webhooks of an account.
    /// - Parameters:
    ///   - overrideURL: an https address for this account alone; without one an earlier override ends.
    ///   - verifyToken: what Meta shall send to that address to verify it.
    public func subscribe(
        to account: BusinessAccountID, overrideURL: String? = nil, verifyToken: String? = nil
    ) async throws(GraphError) {
        if let overrideURL {
            do {
                try Limit.link("override_callback_uri", overrideURL, isSecure: true)
                try Limit.text("verify_token", verifyToken ?? "", 1...1024)
            } catch {
                throw GraphError(error)
            }
        }
        let body = GraphBody.members(
            ("override_callback_uri", .text(overrideURL)),
            ("verify_token", overrideURL == nil ? nil : .text(verifyToken)))
        try await confirm(
            GraphRequest(
                operation: "subscribe to account", method: .POST, path: [account.rawValue, "subscribed_apps"],
                body: .json(body)))
    }

    /// Ends that our app gets the webhooks of an account.
    public func unsubscribe(from account: BusinessAccountID) async throws(GraphError) {
        try await confirm(
            GraphRequest(
                operation: "unsubscribe from account", method: .DELETE, path: [account.rawValue, "subscribed_apps"]))
    }
}
