import Foundation
import Testing

@testable import WhatsAppCloud

private let start = Date(timeIntervalSince1970: 1_760_000_000)

@Suite struct NumberPacerTests {
    private func taken(_ pacer: inout NumberPacer, from: TimeInterval, to: TimeInterval) -> Int {
        var count = 0
        for step in Int(from * 1000)..<Int(to * 1000) where pacer.take(at: start + Double(step) / 1000) == nil {
            count += 1
        }
        return count
    }

    @Test func `lets sixty a second go`() {
        var pacer = NumberPacer()
        #expect((119...121).contains(taken(&pacer, from: 0, to: 1)))
        #expect((59...61).contains(taken(&pacer, from: 1, to: 2)))
    }

    @Test func `halves at once and recovers slowly`() {
        var pacer = NumberPacer()
        pacer.refused(at: start)
        #expect(pacer.rate == 30)
        #expect(pacer.take(at: start) == start + 1)
        pacer.refused(at: start)
        #expect(pacer.rate == 15)
        _ = pacer.take(at: start + 100)
        #expect(abs(pacer.rate - 25) < 0.001)
        _ = pacer.take(at: start + 1000)
        #expect(pacer.rate == 60)
    }

    @Test func `never stops for good`() {
        var pacer = NumberPacer()
        for _ in 1...50 { pacer.refused(at: start) }
        #expect(pacer.rate == 1)
        #expect(pacer.take(at: start + 2) == nil)
    }

    @Test func `bears a clock that is set back`() {
        var pacer = NumberPacer()
        for _ in 1...60 { _ = pacer.take(at: start) }
        #expect(pacer.take(at: start - 3600) != nil)
        #expect(pacer.take(at: start - 3599) == nil)
        pacer.refused(at: start - 3599)
        #expect(pacer.take(at: start - 7200) == start - 7199)
        #expect(pacer.take(at: start - 7198) == nil)
    }

    @Test func `after a refusal it holds for as long as is set, and 0 only slows it`() {
        for (hold, wait) in [(5.0, 5.0), (0, 1 / 30)] {
            var settings = NumberPacer.Settings()
            settings.hold = hold
            var pacer = NumberPacer(settings: settings)
            pacer.refused(at: start)
            let free = pacer.take(at: start)
            #expect(abs((free ?? start).timeIntervalSince(start) - wait) < 0.001)
        }
    }

    @Test func `holds everything for a Retry-After`() {
        var pacer = NumberPacer()
        pacer.hold(until: start + 30)
        #expect(pacer.take(at: start + 29) == start + 30)
        #expect(pacer.take(at: start + 30) == nil)
    }
}

@Suite struct ServiceWindowTests {
    @Test func `is open for 23 hours and 55 minutes after the user's last message`() {
        #expect(ServiceWindow.isOpen(lastInboundAt: start, at: start + 23 * 3600 + 54 * 60))
        #expect(!ServiceWindow.isOpen(lastInboundAt: start, at: start + 23 * 3600 + 55 * 60))
        #expect(!ServiceWindow.isOpen(lastInboundAt: nil, at: start))
    }
}
