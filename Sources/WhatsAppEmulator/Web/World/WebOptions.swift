import WhatsAppWire

/// What can be changed while the emulator runs.
struct WebOptions: Sendable {
    /// Frames larger than this are compressed; 0 for never.
    var compressAbove = 4096
    /// Whether logins are followed by routing information.
    var handsOutRouting = false
    /// Where clients are sent for media, `host` or `host:port`.
    var mediaHost = "localhost:8443"
    /// So many queued stanzas are sent before `<offline_batch/>` is awaited; 0 for all at once.
    var offlinePrimer = 0
    /// Whether app state begins with a snapshot.
    var usesSnapshots = true
    /// Whether phones send keys, settings and history to a new companion.
    var welcomes = true
    /// Whether new groups use LIDs.
    var groupsUseLID = true
    /// Seconds that the server's clock is ahead.
    var clockOffset = 0
    /// Clients of an older revision are refused with 405; 0 for none.
    var minimumRevision: UInt32 = 0
    /// What the front page names as the current revision.
    var currentRevision: UInt32 = 1_047_769_893
    /// So many bytes of binary content are shown in the log; 0 for all.
    var logLimit = 16
    /// Whether stanzas are not logged, for load.
    var isLean = false
}
