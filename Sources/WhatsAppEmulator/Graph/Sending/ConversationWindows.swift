import Foundation

/// When users wrote last: a business may write freely for 24 hours after that (Meta, Customer service windows).
struct ConversationWindows {
    private static let length: TimeInterval = 24 * 3600
    private var lastInbound: [String: Date] = [:]

    private func key(_ phoneNumberID: String, _ user: String) -> String { "\(phoneNumberID) \(user)" }

    /// Opens or renews the window of `user` (a business-scoped id) with the number.
    mutating func open(phoneNumberID: String, user: String, at time: Date) {
        let key = key(phoneNumberID, user)
        lastInbound[key] = max(time, lastInbound[key] ?? .distantPast)
    }

    /// Closes the window at once.
    mutating func close(phoneNumberID: String, user: String) {
        lastInbound[key(phoneNumberID, user)] = nil
    }

    /// Lets the windows of a user whose id changed stand.
    mutating func move(from old: String, to new: String) {
        for (key, time) in lastInbound where key.hasSuffix(" \(old)") {
            lastInbound[key] = nil
            lastInbound[key.dropLast(old.count) + new] = time
        }
    }

    func isOpen(phoneNumberID: String, user: String, at time: Date) -> Bool {
        guard let last = lastInbound[key(phoneNumberID, user)] else { return false }
        return time.timeIntervalSince(last) < Self.length
    }
}
