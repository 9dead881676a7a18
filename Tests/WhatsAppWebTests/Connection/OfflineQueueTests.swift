import Testing

@testable import WhatsAppWeb

@Suite struct OfflineQueueTests {
    @Test func `more is asked for when half has come`() {
        let now = ContinuousClock.now
        var queue = OfflineQueue(at: now)
        var isAsked = queue.ask(at: now)
        #expect(isAsked)
        var asks: [Int] = []
        for number in 1...1_000 where queue.arrived(at: now) {
            asks.append(number)
            isAsked = queue.ask(at: now)
            #expect(isAsked)
        }
        #expect(asks == [100, 300, 500, 700, 900])
    }

    @Test func `a server that says nothing is asked again, and at last no more`() {
        var now = ContinuousClock.now
        var queue = OfflineQueue(at: now)
        var asks = 0
        for _ in 1...1_000 {
            now += .seconds(1)
            if queue.isStuck(at: now), queue.ask(at: now) { asks += 1 }
        }
        #expect(asks == OfflineQueue.mostAsks)
        // What comes after all begins anew.
        let isShort = queue.arrived(at: now)
        let isAsked = queue.ask(at: now + .seconds(11))
        #expect(!isShort && isAsked)
    }
}
