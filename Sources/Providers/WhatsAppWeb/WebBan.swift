import BotKit
import Foundation

/// A ban for a while, and how long it is waited for.
struct WebBan: Sendable, Hashable {
    /// So long at least, whatever the server says: it is not asked again and again.
    static let shortest = Duration.seconds(60)
    /// So long at most, before the server is asked again.
    static let longest = Duration.seconds(366 * 86_400)

    /// When the account connects again.
    let end: Date

    /// - Parameter named: the end that the server names.
    init(until named: Date, at now: Date) {
        end = min(max(named, now.adding(Self.shortest)), now.adding(Self.longest))
    }
}
