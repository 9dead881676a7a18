import Testing

@testable import WhatsAppWeb

@Suite struct BackoffTests {
    @Test func `waits grow until a connection has held for a minute`() {
        var backoff = Backoff()
        func wait() -> Duration { backoff.failed(jitter: 1) }
        #expect((0..<4).map { _ in wait() } == [1, 2, 4, 8].map { .seconds($0) })
        // A server that takes the login and hangs up is no good one.
        backoff.held(for: .seconds(59))
        #expect(wait() == .seconds(16))
        backoff.held(for: .seconds(60))
        #expect(wait() == .seconds(1))
        for _ in 0..<40 { #expect(wait() <= .seconds(300)) }
        #expect(backoff.failed(jitter: 0) == .seconds(150))
    }

    @Test func `a server gets one new connection at once, and then after waits`() {
        var backoff = Backoff()
        func wait() -> Duration { backoff.urged(jitter: 1) }
        #expect((0..<4).map { _ in wait() } == [0, 1, 2, 4].map { .seconds($0) })
        backoff.held(for: .seconds(61))
        #expect((0..<2).map { _ in wait() } == [0, 1].map { .seconds($0) })
    }
}
