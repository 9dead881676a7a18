/// A part of the account's state that all its devices share. The raw value is WhatsApp's name.
enum AppStateCollection: String, Sendable, Hashable, CaseIterable {
    /// Own settings, such as the name.
    case criticalBlock = "critical_block"
    /// Contacts.
    case criticalUnblockLow = "critical_unblock_low"
    /// Mute, stars, deletions.
    case regularHigh = "regular_high"
    /// News about the state itself, labels.
    case regular = "regular"
    /// Pin, archive, read.
    case regularLow = "regular_low"
}
