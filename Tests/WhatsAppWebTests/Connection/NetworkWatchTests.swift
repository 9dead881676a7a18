import Synchronization
import Testing

@testable import WhatsAppWeb

@Suite struct NetworkWatchTests {
    @Test func `other addresses are noticed once`() {
        let now = Mutex<Set<String>>(["192.0.2.1"])
        var watch = NetworkWatch { now.withLock { $0 } }
        var moves = [watch.hasMoved()]
        now.withLock { $0 = [] }
        moves += [watch.hasMoved(), watch.hasMoved()]
        now.withLock { $0 = ["198.51.100.7"] }
        moves += [watch.hasMoved(), watch.hasMoved()]
        #expect(moves == [false, true, false, true, false])
    }

    @Test func `the machine's own addresses are none`() {
        for address in NetworkWatch.ofSystem() { #expect(!["127.0.0.1", "::1"].contains(address)) }
    }
}
