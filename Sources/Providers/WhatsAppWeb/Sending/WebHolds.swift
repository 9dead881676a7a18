/// How long what fails for now is held. Zero is no hold: the reply waits as after any failed send.
struct WebHolds: Sendable {
    /// Of the whole account, while there is no connection.
    let disconnected: Duration
    /// Of the whole account, after too much from it.
    let rate: Duration
    /// Of one reply, whose devices or group were out of date.
    let devices: Duration
}
