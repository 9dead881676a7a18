import Foundation

/// Keeps the media connection and asks for a new one when it is old or was refused.
actor MediaConnections {
    private let time: WebTime
    private let fetch: @Sendable () async throws -> MediaConnection
    private var current: MediaConnection?

    /// - Parameter fetch: asks the server; see `MediaConnection.request`.
    init(time: WebTime, fetch: @escaping @Sendable () async throws -> MediaConnection) {
        self.time = time
        self.fetch = fetch
    }

    /// The connection to use now.
    /// - Parameter refused: one that a server did not take any more.
    /// - Throws: what asking for one throws.
    func connection(replacing refused: MediaConnection? = nil) async throws -> MediaConnection {
        if let current, current != refused, current.expiresAt > time.now() { return current }
        let fresh = try await fetch()
        current = fresh
        return fresh
    }
}
