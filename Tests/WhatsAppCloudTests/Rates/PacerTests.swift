import Foundation
import Testing

@testable import WhatsAppCloud

private let start = Date(timeIntervalSince1970: 1_760_000_000)

@Suite struct PairPacerTests {
    @Test func `lets ten go at once and then one in six seconds`() {
        var pacer = PairPacer()
        for _ in 1...10 { #expect(pacer.take(at: start) == nil) }
        #expect(pacer.take(at: start) == start + 6)
        #expect(pacer.take(at: start + 5.9) == start + 6)
        #expect(pacer.take(at: start + 6) == nil)
        #expect(pacer.take(at: start + 6) == start + 12)
    }

    @Test func `never lets more than forty-five go at once`() {
        var pacer = PairPacer()
        for _ in 1...45 { #expect(pacer.take(at: start, .urgent) == nil) }
        #expect(pacer.take(at: start, .urgent) == start + 6)
        #expect(pacer.take(at: start) == start + 36 * 6)
    }

    @Test func `gives the whole burst back after a pause`() {
        var pacer = PairPacer()
        for _ in 1...10 { _ = pacer.take(at: start) }
        #expect(!pacer.isFresh(at: start + 59))
        #expect(pacer.isFresh(at: start + 60))
        for _ in 1...10 { #expect(pacer.take(at: start + 60) == nil) }
    }

    @Test func `holds longer with every refusal, and shortly again after a success`() {
        var pacer = PairPacer()
        #expect(pacer.refused(at: start) == start + 1)
        #expect(pacer.take(at: start, .urgent) == start + 1)
        #expect(pacer.refused(at: start + 1) == start + 5)
        #expect(pacer.refused(at: start + 5) == start + 21)
        #expect(pacer.take(at: start + 21) == nil)
        pacer.accepted()
        #expect(pacer.refused(at: start + 30) == start + 31)
    }

    @Test func `paces nothing if switched off`() {
        var settings = PairPacer.Settings()
        settings.interval = 0
        var pacer = PairPacer(settings: settings)
        for _ in 1...1000 { #expect(pacer.take(at: start) == nil) }
    }
}

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
        #expect(pacer.take(at: start + 1) == nil)
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
