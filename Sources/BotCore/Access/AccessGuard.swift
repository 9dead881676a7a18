import BotKit

/// Answers those whom the policies let in. Others get silence, or a code with which they can be let in.
struct AccessGuard: Guard {
    let settings: AccessSettings
    let ledger: AccessLedger

    func check(_ turn: Turn) async throws {
        if turn.member.role == .owner { return }
        switch turn.member.admission {
        case .denied, .blocked: throw Silence(.ignored)
        case .none, .allowed: break
        }
        if turn.member.role > .user { return }
        if turn.chat.isGroup {
            let groups = turn.settings[CoreRuntimeSettings.groupPolicy] ?? settings.groups
            guard groups != .off else { throw Silence(.ignored) }
            // Whom an allowed group lets in is the group's affair, unless the bot is for nobody.
            if turn.chat.admission == .allowed, settings.people != .closed { return }
            guard groups == .all, turn.chat.admission == .none else { throw Silence(.ignored) }
        }
        switch settings.people {
        case .open: return
        case .closed: throw Silence(.ignored)
        case .allowlist, .pairing:
            if turn.member.admission == .allowed { return }
            guard settings.people == .pairing, !turn.chat.isGroup, let code = try await ledger.code(for: turn) else {
                throw Silence(.ignored)
            }
            throw Refusal(.askToBeLetIn.with(["code": code]), reason: "unknown_member")
        }
    }
}

/// Refuses texts that are too long to be answered well.
struct LengthGuard: Guard {
    let limit: Int

    func check(_ turn: Turn) async throws {
        // Counting UTF-16 units is what networks do, and costs no walk over characters.
        guard turn.text.utf16.count > limit else { return }
        throw Refusal(.tooLong.with(["limit": "\(limit)"]), reason: "too_long")
    }
}
