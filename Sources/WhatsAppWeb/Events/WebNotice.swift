public import Foundation
public import WhatsAppWire

/// News that is worth something only now: not stored, and dropped when nobody listens.
public enum WebNotice: Sendable {
    /// Show this text as a QR code for so long.
    case qr(String, shownFor: Duration)
    /// Show this code; it is to be typed on the phone.
    case pairingCode(String)
    case connection(ConnectionState)
    /// Somebody came or went.
    case presence(JID, isOnline: Bool, lastSeen: Date?)
    /// Somebody writes, records, or stopped.
    case typing(chat: JID, sender: JID, TypingState)
    /// All that was queued while we were away has come.
    case caughtUp(count: Int)
}

/// What somebody is doing in a chat.
public enum TypingState: Sendable, Hashable { case typing, recording, paused }

/// How the connection stands, as far as an operator cares.
public enum ConnectionState: Sendable, Hashable {
    case connecting
    /// Connected, and waiting to be linked.
    case linking
    case online
    /// Not connected; the next attempt is after so long.
    case waiting(Duration, reason: String)
    /// Ended for good.
    case ended(EndReason)
}

/// Why a client ended by itself. Each has an operator message in `message`.
public enum EndReason: Sendable, Hashable {
    case unlinked(UnlinkReason)
    /// Nobody scanned the codes in time.
    case notScanned
    /// Another process connected with the same account.
    case replaced
    case bannedUntil(Date?, code: Int?)
    /// The server wants a newer client than we can be.
    case outdated
    case untrustedServer
    case refused(status: Int)
}

/// Why the account is no longer linked; its keys are gone.
public enum UnlinkReason: Int, Sendable, Hashable, Codable {
    /// The phone, or we, removed the device.
    case removed = 401
    /// The phone's account is gone or locked.
    case accountLocked = 403
    /// The number is banned.
    case banned = 406
}
