import BotKit

/// Answers those whom the policies let in. Others get silence, or a code with which they can be let in.
struct AccessGuard: Guard {
    let settings: AccessSettings
    let ledger: AccessLedger

    func check(_ turn: Turn) async throws {
        if turn.member.role == .owner { return }
        switch turn.member.admission {
        case .denied: throw Silence(.denied)
        case .blocked: throw Silence(.blocked)
        case .none, .allowed: break
        }
        if turn.member.role > .user { return }
        if turn.chat.isGroup {
            let groups = turn.settings[CoreRuntimeSettings.groupPolicy] ?? settings.groups
            guard groups != .off else { throw Silence(.groupPolicyOff) }
            switch turn.chat.admission {
            // Whom an allowed group lets in is the group's affair, unless the bot is for nobody.
            case .allowed where settings.people != .closed: return
            case .allowed: throw Silence(.policyClosed)
            case .denied, .blocked: throw Silence(.groupDenied)
            case .none: guard groups == .all else { throw Silence(.groupNotAllowed) }
            }
        }
        switch settings.people {
        case .open: return
        case .closed: throw Silence(.policyClosed)
        case .allowlist, .pairing:
            if turn.member.admission == .allowed { return }
            guard settings.people == .pairing else { throw Silence(.policyAllowlist) }
            guard !turn.chat.isGroup, let code = try await ledger.code(for: turn) else {
                throw Silence(.policyPairing)
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
