import BotKit
import Logging

extension MessagePipeline {
    /// Ends a message that is not answered any more, and tells its member so in a direct chat; in a group nobody may
    /// have asked. Nothing of the message is looked at: that may be what ends the process.
    func giveUp(_ stored: StoredMessage) async throws {
        let message = stored.message
        var line = TurnLine([stored], at: time.now)
        line.end(.failed, because: .givenUp, with: [])
        var parcel = DeliveryDesk.Parcel()
        if !message.isGroup, let apology = ErrorCode.givenUp.text {
            let remembered = try await database.rows("SELECT language FROM chat_setting WHERE chat = \(message.chat)")
                .first?.optionalText("language")
            parcel = try deliveries.parcel(
                [.text(apology.with(["reference": line.reference]))], to: message.chat,
                in: remembered.map(Language.init(rawValue:)) ?? opener.settings.language, quoting: message.id,
                key: "turn.\(line.id)")
        }
        try await database.transaction([InboxStore.close(line, at: time.now)] + parcel.statements)
        await deliveries.send(parcel)
        metrics.failed(.givenUp)
        logger.error("a message is given up", metadata: ["turn": .own(line.id), "reference": .own(line.reference)])
    }
}
