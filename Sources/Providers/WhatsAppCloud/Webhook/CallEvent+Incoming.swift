import BotKit
import WhatsAppCloud

extension CallEvent {
    /// Whether it tells that somebody calls the number of `update`.
    func isIncoming(to update: WebhookUpdate) -> Bool {
        guard event == "connect", direction ?? "USER_INITIATED" == "USER_INITIATED" else { return false }
        let caller = from.flatMap { PhoneNumber($0.rawValue) }
        return caller == nil ? fromUserID != nil : caller != update.displayPhoneNumber.flatMap { PhoneNumber($0) }
    }
}
