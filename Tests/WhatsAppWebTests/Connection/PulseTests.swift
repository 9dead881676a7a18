import Testing

@testable import WhatsAppWeb

@Suite struct PulseTests {
    private static let start = ContinuousClock.now

    /// What is done second by second by a server that says something at the seconds `heard`.
    private func steps(
        _ seconds: Int, heard: Set<Int> = [], isLinking: Bool = false, movedAt: Int? = nil
    ) -> (asks: [Int], end: (second: Int, reason: String)?) {
        var pulse = Pulse(at: Self.start)
        var (asks, last) = ([Int](), Self.start)
        for second in 1...seconds {
            let now = Self.start + .seconds(second)
            if heard.contains(second) { last = now }
            switch pulse.step(at: now, lastHeard: last, isLinking: isLinking, hasMoved: second == movedAt) {
            case .rest: continue
            case .ask: asks.append(second)
            case .giveUp(let reason): return (asks, (second, reason))
            }
        }
        return (asks, nil)
    }

    @Test func `a silent server is asked, and given up after a minute`() {
        let (asks, end) = steps(100)
        #expect((2...3).contains(asks.count) && asks.first.map { (20...31).contains($0) } == true)
        #expect(end?.second == 61 && end?.reason.contains("silent") == true)
    }

    @Test func `a server that answers is kept`() {
        let (asks, end) = steps(600, heard: Set(stride(from: 30, through: 600, by: 30)))
        #expect(asks.count >= 19 && end == nil)
    }

    @Test func `while a code is shown a silent server is waited for as long as any code is good`() {
        // Six QR codes are good for 160 seconds, a code to type for 180.
        let (asks, end) = steps(300, isLinking: true)
        #expect(asks.count >= 6 && end?.second == 201)
    }

    @Test func `on another network the server must answer soon`() {
        let silent = steps(100, heard: [5], movedAt: 7)
        #expect(silent.asks == [7] && silent.end?.second == 18)
        #expect(silent.end?.reason.contains("network has changed") == true)
        let answering = steps(60, heard: [5, 9, 30], movedAt: 7)
        #expect(answering.asks.first == 7 && answering.end == nil)
    }
}
