import BotKit
import Foundation
import Logging

/// Builds the turn: who, where, in which language, about what. Complete once it returns.
struct TurnOpener: Sendable {
    let database: any Database
    let inbox: InboxStore
    let outbox: OutboxStore
    let router: Router
    let ledger: AccessLedger
    let admitted: AdmittedMembers
    let values: RuntimeSettingStore
    let settings: PipelineSettings
    /// Those that there are sentences in.
    let languages: Set<Language>
    let time: any TimeSource
    let stops: StopNotes
    let alerts: OperatorAlerts

    /// - Throws: `Silence` when the messages are too old, or of a kind that is never answered.
    func open(_ stored: [StoredMessage]) async throws -> Turn {
        let messages = stored.map(\.message)
        try requireFresh(messages[messages.count - 1])
        try requireAnswerable(messages[messages.count - 1], among: messages)
        return try await turn(of: stored, isNow: true)
    }

    /// The same for messages whose turn was opened before, or never is, however old they are: who wrote under which
    /// number then says nothing of today.
    func reopen(_ stored: [StoredMessage]) async throws -> Turn { try await turn(of: stored, isNow: false) }

    private func turn(of stored: [StoredMessage], isNow: Bool) async throws -> Turn {
        var messages = stored.map(\.message)
        var known = try await memory(of: messages[messages.count - 1], in: stored[stored.count - 1].row)
        if let place = known.place {
            // While it waited, its chat was joined with another of the same person.
            for index in messages.indices {
                messages[index].chat = place.chat
                messages[index].sender.id = place.member
            }
            known = try await memory(of: messages[messages.count - 1], in: place.row)
        }
        let message = messages[messages.count - 1]
        if known.isOurs { throw Silence(.ownMessage) }
        let set = known.hasSettings ? try await values.values(for: message.sender.id, in: message.chat) : .init()
        admitted.note(hasRules: known.hasRules || set[CoreRuntimeSettings.groupPolicy] != nil)
        let standing = try await ledger.standing(
            of: message.sender, in: message.chat, hasRules: known.hasRules, at: message.receivedAt, isNow: isNow)
        if standing.doubt == .new {
            alerts.raise(
                "number_changed_hands",
                """
                a number that is trusted passed to somebody else, or a member who is has another number; martlet \
                access confirm, if that is right (martlet access roles marks them)
                """,
                in: message.chat)
        }
        let quoted = try await quotedMessage(for: message)
        let said = messages.compactMap(\.text).joined(separator: "\n").withoutDirectionControls
        let activation = settings.activation(own: known.activation)
        var (addressing, text) = address(
            message, saying: said, quoting: quoted, by: known.activation,
            mentioned: messages.contains(where: \.mentionsBot))
        // What looks like a token goes out of sight here; whether another word is one, only a command can tell.
        var session: String?
        if case (let rest, let token?) = text.splittingSession(), token.isSessionToken {
            (text, session) = (rest, token)
        }
        let choice = choice(in: message, text: text, known: known)
        let dialogue = known.dialogues.first { $0.feature != OpenMenu.feature }
        // Who was asked something answers the bot without a prefix or its name.
        if addressing == .none, choice != nil { addressing = message.isGroup ? .reply : .direct }
        if addressing == .none, dialogue != nil, !message.isGroup { addressing = .direct }
        return Turn(
            id: stored[0].row, messages: messages,
            member: Member(
                id: message.sender.id, name: message.sender.name?.withoutDirectionControls, phone: message.sender.phone,
                // The network vouches for the account; nobody else writes there.
                role: message.isNoteToSelf == true && !message.isGroup ? .owner : standing.role,
                admission: standing.person),
            chat: Chat(
                id: message.chat, isGroup: message.isGroup, activation: activation, admission: standing.group),
            language: language(of: text, known: known.language, set: set),
            rememberedLanguage: known.language, addressing: addressing, text: text, quoted: quoted,
            dialogue: dialogue, choice: choice, session: session, receivedAt: message.receivedAt,
            stoppedAnswer: stops.take(message.id), settings: set)
    }

    // MARK: - What is never answered

    private func requireFresh(_ message: InboundMessage) throws {
        let limit = message.isGroup ? settings.maxAgeGroup : settings.maxAgeDirect
        guard limit > .zero else { return }
        if message.sentAt.adding(limit) < time.now { throw Silence(.tooOld) }
    }

    private func requireAnswerable(_ message: InboundMessage, among messages: [InboundMessage]) throws {
        if message.isGroup && !settings.groupsEnabled { throw Silence(.groupsOff) }
        switch message.content {
        case .reaction, .edit, .revoke: throw Silence(.kind)
        case .text:
            let saysSomething = messages.contains { $0.text?.trimmingInvisible.isEmpty == false }
            if !saysSomething { throw Silence(.empty) }
        default: return
        }
    }

    // MARK: - What is known

    private struct Memory {
        /// Whether the network brings us what we said ourselves: to answer it would never end.
        var isOurs = false
        /// Under which names it stands, when they are others than it came with.
        var place: InboxStore.Place?
        var language: Language?
        var activation: Activation?
        var dialogues: [Dialogue] = []
        /// Whether anything was decided about anybody.
        var hasRules = false
        /// Whether anything was set since the program was started first.
        var hasSettings = false
    }

    private func memory(of message: InboundMessage, in row: Int64) async throws -> Memory {
        let rows = try await database.rows(
            """
            SELECT i.chat, i.member, s.language, s.activation, d.feature, d.state, d.expires_at,
                CASE WHEN EXISTS (SELECT 1 FROM outbox
                    WHERE network_id = \(message.id) AND chat = \(message.chat)) THEN 1 ELSE 0 END AS is_ours,
                CASE WHEN EXISTS (SELECT 1 FROM access_rule) THEN 1 ELSE 0 END AS has_rules,
                CASE WHEN EXISTS (SELECT 1 FROM runtime_setting) THEN 1 ELSE 0 END AS has_settings
            FROM (SELECT 1 AS one) AS o
            LEFT JOIN inbox AS i ON i.id = \(row)
            LEFT JOIN chat_setting AS s ON s.chat = \(message.chat)
            LEFT JOIN dialogue AS d ON d.chat = \(message.chat) AND d.member = \(message.sender.id)
                AND d.expires_at > \(message.receivedAt)
            ORDER BY d.expires_at DESC LIMIT 16
            """)
        var memory = Memory()
        if let first = rows.first, try first.optionalText("chat") != nil {
            let place = InboxStore.Place(row: row, chat: try first.id("chat"), member: try first.id("member"))
            if place.chat != message.chat || place.member != message.sender.id { memory.place = place }
        }
        for row in rows {
            memory.isOurs = try row.bool("is_ours")
            memory.hasRules = try row.bool("has_rules")
            memory.hasSettings = try row.bool("has_settings")
            memory.language = try row.optionalText("language").map { Language(rawValue: $0) }
            memory.activation = try row.optionalText("activation").flatMap(Activation.init(rawValue:))
            guard let feature = try row.optionalText("feature") else { continue }
            memory.dialogues.append(
                Dialogue(feature: feature, state: try row.text("state"), expiresAt: try row.date("expires_at")))
        }
        return memory
    }

    private func quotedMessage(for message: InboundMessage) async throws -> QuotedMessage? {
        guard let id = message.quotes else { return nil }
        if let ours = try await outbox.quoted(id, in: message.chat) { return ours }
        guard let theirs = try await inbox.message(id, in: message.chat) else {
            return QuotedMessage(id: id, isFromBot: false)
        }
        return QuotedMessage(
            id: id, text: theirs.text?.withoutDirectionControls, media: theirs.media, isFromBot: false)
    }

    private func language(of text: String, known: Language?, set: RuntimeValues) -> Language {
        let chosen = set[CoreRuntimeSettings.language].flatMap { languages.contains($0) ? $0 : nil }
        if let chosen, let scope = set.stored(CoreRuntimeSettings.language.name)?.scope, scope >= .chat {
            return chosen
        }
        let fallback = chosen ?? settings.language
        let plain = CommandCall(text)?.arguments.description ?? text
        switch Language.detected(in: plain) {
        case .hebrew?: return .hebrew
        case .english? where !router.isForm(text):
            // Latin letters say English only where no other language is at home that is written with them.
            return [known, fallback].compactMap { $0 }.first { !$0.isRightToLeft } ?? .english
        default:
            if Language.detected(in: text) == .hebrew { return .hebrew }
            return known ?? fallback
        }
    }

    private func choice(in message: InboundMessage, text: String, known: Memory) -> String? {
        if case .choice(let id, _) = message.content { return id }
        guard let open = known.dialogues.first(where: { $0.feature == OpenMenu.feature }) else { return nil }
        return OpenMenu(json: open.state)?.choice(for: text)
    }

    // MARK: - Whether it is for us

    /// - Parameter own: the rule that the group chose for itself.
    private func address(
        _ message: InboundMessage, saying text: String, quoting quoted: QuotedMessage?, by own: Activation?,
        mentioned: Bool
    ) -> (Addressing, String) {
        guard message.isGroup else {
            let needsPrefix =
                settings.requiresPrefix && !(message.isNoteToSelf == true && settings.skipsPrefixInNotes)
            let isHeard = !needsPrefix || CommandCall(text) != nil || router.isCall(text)
            return (isHeard ? .direct : .none, text)
        }
        let stripped = text.withoutMentions(of: settings.names)
        if CommandCall(stripped) != nil || router.isCall(stripped) { return (.prefix, stripped) }
        if case .choice = message.content { return (.reply, stripped) }
        // Where the operator asks for prefixes, and the group for nothing else, quoting the bot is not enough either.
        if own == nil && settings.requiresPrefix { return (.none, text) }
        let activation = settings.activation(own: own)
        if quoted?.isFromBot == true { return (.reply, stripped) }
        if activation == .always { return (.always, stripped) }
        let isMentioned = mentioned || stripped.utf8.count != text.utf8.count
        if activation == .mention && isMentioned { return (.mention, stripped) }
        return (.none, text)
    }
}

extension String {
    /// The text without the marks that can make it read otherwise than it is stored (Unicode U+202A–202E, 2066–2069).
    var withoutDirectionControls: String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool {
            (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        }
        guard unicodeScalars.contains(where: isControl) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.filter { !isControl($0) }))
    }
}
