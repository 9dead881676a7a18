public import Foundation

/// The customer service window: for 24 hours after a user's last message we may write freely, later only templates.
public enum ServiceWindow {
    /// How long the window counts as open: 23 h 55 min, so that a message under way does not arrive outside.
    public static let length: TimeInterval = 24 * 3600 - 5 * 60

    /// When the window closes.
    /// - Parameter lastInboundAt: Meta's timestamp of the user's last message or call to this number.
    public static func closing(lastInboundAt: Date) -> Date { lastInboundAt.addingTimeInterval(length) }

    /// Whether anything but a template may be sent; without a message of the user it may not.
    public static func isOpen(lastInboundAt: Date?, at now: Date) -> Bool {
        guard let lastInboundAt else { return false }
        return now < closing(lastInboundAt: lastInboundAt)
    }
}
