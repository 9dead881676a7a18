/// The shortest holds after Meta said that too much was sent; the outbox makes them longer when they come again.
struct CloudHolds: Sendable {
    /// Of one chat; zero is none.
    let pair: Duration
    /// Of the whole number; zero is none.
    let number: Duration
}
