import Foundation
import TestKit
import WhatsAppWire

/// What a test asks the laboratory at its end.
extension Lab {
    /// The lines of its log that contain `match`.
    func log(_ match: String) async throws -> [String] {
        let query = match.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let entries = try await get("/log?match=\(query)") as? [[String: Any]] ?? []
        return entries.compactMap { $0["text"] as? String }
    }

    /// The ids of the messages that somebody could not read and asked for again.
    func askedAgain() async throws -> Set<String> {
        let lines = try await log(#"type="retry""#)
        return Set(lines.compactMap { $0.firstMatch(of: /\ id="([^"]+)"/).map { String($0.1) } })
    }

    private func devices() async throws -> [[String: Any]] { try await get("/devices") as? [[String: Any]] ?? [] }

    /// The linked devices of an account.
    func devices(of user: JID) async throws -> [String] {
        try await devices().compactMap { $0["jid"] as? String }.filter { $0.hasPrefix("\(user.user):") }
    }

    func isConnected(_ user: JID) async throws -> Bool {
        try await devices().contains {
            ($0["jid"] as? String)?.hasPrefix("\(user.user):") == true && $0["connected"] as? Bool == true
        }
    }

    /// Whether every device that is connected has acknowledged all that it was sent.
    func isAllAcknowledged() async throws -> Bool {
        try await devices().allSatisfy { $0["connected"] as? Bool == false || $0["pending"] as? Int == 0 }
    }

    func until(_ what: String, _ condition: () async throws -> Bool) async throws {
        _ = try await eventually(what) { try await condition() ? true : nil }
    }
}
