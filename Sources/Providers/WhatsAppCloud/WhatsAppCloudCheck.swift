public import AsyncHTTPClient
public import BotKit
import Foundation
import WhatsAppCloud

/// Tries the configured numbers and their tokens with real calls that change nothing.
public struct WhatsAppCloudCheck: Sendable {
    private let settings: WhatsAppCloudSettings
    private let http: HTTPClient

    public init(_ settings: WhatsAppCloudSettings, http: HTTPClient) {
        self.settings = settings
        self.http = http
    }

    /// - Returns: the first problem, or `nil` when every number answers and its token may do what is needed.
    public func run() async -> Misconfiguration? {
        for number in settings.numbers {
            if let problem = await problem(of: number) { return problem }
        }
        return nil
    }

    private func problem(of number: WhatsAppCloudSettings.Number) async -> Misconfiguration? {
        let graph: GraphClient
        do {
            let token = number.token
            graph = GraphClient(http: http, configuration: try settings.graph(for: number)) { token }
        } catch {
            return error as? Misconfiguration
        }
        do {
            let health = try await graph.phoneNumberHealth()
            guard health.sending != .blocked else {
                return Misconfiguration(
                    "CLOUD_PHONE_NUMBER_ID", "is a number that Meta does not let send",
                    remedy: "Look at the number's health in Meta's dashboard.")
            }
        } catch {
            return Self.misconfiguration(error)
        }
        // A token that may not look at itself works all the same, as the call before showed.
        guard let token = try? await graph.tokenHealth(), !token.missingScopes.isEmpty else { return nil }
        return Misconfiguration(
            "CLOUD_ACCESS_TOKEN", "lacks \(token.missingScopes.joined(separator: ", "))",
            remedy: "Make a token of a system user with these permissions and set CLOUD_ACCESS_TOKEN.")
    }

    private static func misconfiguration(_ error: GraphError) -> Misconfiguration {
        switch error.remedy {
        case .token, .permission:
            Misconfiguration(
                "CLOUD_ACCESS_TOKEN", "is not taken (\(error.description))",
                remedy: "Make a new token of a system user and set CLOUD_ACCESS_TOKEN.")
        case .operatorNeeded, .badRequest:
            Misconfiguration(
                "CLOUD_PHONE_NUMBER_ID", "is not known to Meta (\(error.description))",
                remedy: "Set CLOUD_PHONE_NUMBER_ID to the id, not the number, that Meta's dashboard shows.")
        default:
            Misconfiguration(
                "CLOUD_BASE_URL", "does not answer (\(error.description))",
                remedy: "Check the network, or set CLOUD_BASE_URL.")
        }
    }
}
