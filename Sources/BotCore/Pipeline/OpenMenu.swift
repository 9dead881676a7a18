import BotKit
import Foundation

/// The menu that a chat was shown last, so that `2` or the words of an option choose it.
struct OpenMenu: Codable {
    static let feature = "core.menu"
    /// A lifetime without end; what is chosen from, or asked over, goes earlier.
    private static let century = Duration.seconds(3_155_760_000)

    var options: [RenderedReply.Option]

    init(options: [RenderedReply.Option]) { self.options = options }

    init?(json: String) {
        guard let menu = try? JSONDecoder().decode(OpenMenu.self, from: Data(json.utf8)) else { return nil }
        self = menu
    }

    /// The id of the option that `text` names by its number or its words.
    func choice(for text: String) -> String? {
        let said = text.trimmingInvisible
        if let number = Int(said), options.indices.contains(number - 1) { return options[number - 1].id }
        // Nobody types the marks that our titles carry.
        return options.first {
            $0.title.withoutDirectionControls.compare(said, options: [.caseInsensitive]) == .orderedSame
        }?.id
    }

    /// Remembers the menu for the member who was asked.
    /// - Parameter lifetime: how long its numbers mean something; zero is without end.
    func statement(for member: MemberID, in chat: ChatID, at time: Date, lifetime: Duration) throws -> SQL {
        let lifetime = lifetime > .zero ? lifetime : Self.century
        let state = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
        return Dialogue(feature: Self.feature, state: state, expiresAt: time.adding(lifetime))
            .statement(for: member, in: chat)
    }

    /// Forgets the member's menu: what was chosen once is not chosen again by a later `1`.
    static func removal(for member: MemberID, in chat: ChatID) -> SQL {
        Dialogue.removal(of: feature, for: member, in: chat)
    }
}

extension Dialogue {
    /// Stores the dialogue over what its feature had before.
    func statement(for member: MemberID, in chat: ChatID) -> SQL {
        """
        INSERT INTO dialogue (chat, member, feature, state, expires_at)
        VALUES (\(chat), \(member), \(feature), \(state), \(expiresAt))
        ON CONFLICT (chat, member, feature) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at
        """
    }

    /// Forgets the dialogue.
    func removal(for member: MemberID, in chat: ChatID) -> SQL {
        Self.removal(of: feature, for: member, in: chat)
    }

    static func removal(of feature: String, for member: MemberID, in chat: ChatID) -> SQL {
        "DELETE FROM dialogue WHERE chat = \(chat) AND member = \(member) AND feature = \(feature)"
    }
}
