/// A disturbance of the webhooks on their way to the bot.
public struct WebhookFault: Sendable {
    /// What happens to a webhook.
    public enum Effect: Sendable {
        /// It comes this many times more, each with the same bytes.
        case duplicate(Int)
        /// This many updates are held and come in the reverse order; after `within` what is there comes.
        case reorder(Int, within: Duration)
        /// It comes late, others overtake it.
        case delay(Duration)
        /// Its first delivery is lost on the way; it comes with the first repeat.
        case drop
        /// It carries this signature instead of a good one.
        case wrongSignature
    }

    /// What happens.
    public var effect: Effect
    /// How many updates are hit; `nil` means all until the faults are cleared.
    public var times: Int?
    /// `messages`, `statuses` or `other`; `nil` means all.
    public var group: String?
    /// Only updates of this user.
    public var user: String?

    /// Makes a fault that hits the next `times` matching updates.
    public init(_ effect: Effect, times: Int? = 1, group: String? = nil, user: String? = nil) {
        self.effect = effect
        self.times = times
        self.group = group
        self.user = user
    }

    /// The name of the effect in the control API.
    var name: String {
        switch effect {
        case .duplicate: "duplicate"
        case .reorder: "reorder"
        case .delay: "delay"
        case .drop: "drop"
        case .wrongSignature: "wrong_signature"
        }
    }

    func means(_ update: WebhookUpdate) -> Bool {
        (group == nil || group == update.group) && (user == nil || user == update.user)
    }
}
