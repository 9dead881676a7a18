/// What a snapshot or patch changes, to be stored in one commit.
struct AppStateChange: Sendable {
    /// Where the collection stands afterwards.
    var version: AppStateVersion
    /// Whether all that was known of the collection before is void: it was a snapshot.
    var replacesAll = false
    /// The value MACs to store, by index MAC.
    var values: [[UInt8]: [UInt8]] = [:]
    /// The index MACs to forget.
    var removed: Set<[UInt8]> = []
    /// What it means.
    var events: [AppStateEvent] = []
}
