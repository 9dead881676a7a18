import BotKit

/// Answers what is said to the bot without any command: text, an image, a tapped option.
struct BareText: Responder {
    let visionEnabled: Bool
    let partner: ChatPartner

    let takesTime = true
    let costs = true

    func accepts(_ turn: Turn) -> Bool {
        guard CommandCall(turn.choice ?? turn.text) == nil else { return false }
        // Words are answered although the image beside them is not looked at.
        if turn.media.isEmpty || !visionEnabled { return !turn.text[...].trimmingInvisible.isEmpty }
        return turn.media.allSatisfy { $0.kind == .image || $0.kind == .sticker }
    }

    func isHeavy(_ turn: Turn) -> Bool { partner.looksAtImages(of: turn) }

    func answer(_ turn: Turn) async throws -> Answer {
        try await partner.answer(turn, to: turn.text)
    }
}
