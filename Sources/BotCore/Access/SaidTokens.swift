import BotKit
import Foundation

/// The tokens of open sessions that stand in what somebody says or quotes.
struct SaidTokens: Sendable {
    typealias Found = (said: String, owner: MemberID)

    let sessions: AdminSessionStore
    /// What is read in their place.
    static let mask = "***"

    /// Takes them out of what an answer is made of.
    /// - Returns: those that were found, as they were written.
    @discardableResult
    func hide(in turn: inout Turn) async throws -> [Found] {
        let found = try await find(in: turn)
        for token in found {
            turn.text = turn.text.replacing(token.said, with: Self.mask)
            let quoted = turn.quoted?.text?.replacing(token.said, with: Self.mask)
            turn.quoted?.text = quoted
        }
        return found
    }

    private func find(in turn: Turn) async throws -> [Found] {
        var words: Set<String> = []
        // In a group a quote shows nothing that was not said there before.
        let quoted = turn.chat.isGroup ? nil : turn.quoted?.text
        for text in turn.messages.compactMap(\.text) + [quoted].compactMap(\.self) where text.mayHoldToken {
            let form = /[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/
            words.formUnion(text.matches(of: form).prefix(8).map { String($0.0) })
        }
        var tokens: [Found] = []
        for word in words.sorted() {
            guard let owner = try await sessions.holder(of: word.lowercased(), at: turn.receivedAt) else { continue }
            tokens.append((word, owner))
        }
        return tokens
    }
}

extension String {
    /// Whether a token could stand in it: nearly no text has as many hyphens.
    var mayHoldToken: Bool {
        utf8.count >= 36 && utf8.count(where: { $0 == UInt8(ascii: "-") }) >= 4
    }
}
