/// How long what Meta refuses for now is held at the least. Zero is no hold; a wait that Meta names is obeyed anyway.
struct CloudHolds: Sendable {
    /// Of one chat, after too much to its member; the outbox makes it longer when it comes again.
    let pair: Duration
    /// Of the whole number, after too much from it.
    let number: Duration
    /// Of the whole number, after too many calls of the app or account.
    let account: Duration
    /// Of the whole number, while the account is being worked on.
    let maintenance: Duration
    /// Of one group, after too much to it.
    let group: Duration
    /// Of one chat, whose member got enough marketing.
    let marketing: Duration
}
