import Testing
import WhatsAppKeys

@testable import WhatsAppSignal

/// Any order, loss and duplication, with crashes on both sides: every message decrypts once, or fails as it must.
@Suite struct InterleavingTests {
    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `every message is read once or refused rightly`(_ seed: UInt64) throws {
        var world = try World(seed: seed)
        for _ in 0..<250 { try world.step() }
        try world.drain()
        #expect(world.opened > 50, "seed \(seed) opened only \(world.opened)")
        #expect(world.problems.isEmpty, "seed \(seed): \(world.problems.prefix(3))")
    }

    /// Two devices and the messages between them.
    private struct World {
        var generator: SeededGenerator
        var devices: [SimulatedDevice]
        /// To the device of the same index.
        var flights: [[Flight]] = [[], []]
        var counter: UInt32 = 0
        var opened = 0
        var problems: [String] = []

        init(seed: UInt64) throws {
            generator = SeededGenerator(seed: seed)
            devices = [try SimulatedDevice(), try SimulatedDevice()]
        }

        mutating func step() throws {
            let side = Int.random(in: 0...1, using: &generator)
            switch Int.random(in: 0..<20, using: &generator) {
            case 0..<8: try send(from: side)
            case 8..<17: try deliver(to: side)
            case 17: if !flights[side].isEmpty { flights[side].remove(at: anyFlight(to: side)) }
            case 18: try devices[side].crash()
            default: try reload(side)
            }
        }

        /// Delivers all that is still under way.
        mutating func drain() throws {
            for side in 0...1 {
                while !flights[side].isEmpty { try deliver(to: side, index: flights[side].count - 1, fate: .once) }
            }
        }

        private mutating func anyFlight(to side: Int) -> Int {
            Int.random(in: flights[side].indices, using: &generator)
        }

        /// An orderly end and start, which gives reserved counters back.
        private mutating func reload(_ side: Int) throws {
            devices[side].memory = devices[side].memory?.released()
            devices[side].store()
            try devices[side].crash()
        }

        private mutating func send(from side: Int) throws {
            let anew = devices[side].begun < 15 && generator.once(in: 25)
            if devices[side].memory == nil || anew {
                let usingPrekey = !generator.once(in: 4)
                var peer = devices[1 - side]
                try devices[side].begin(with: &peer, usingPrekey: usingPrekey)
                devices[1 - side] = peer
            }
            counter += 1
            let plaintext = withUnsafeBytes(of: counter) { Array($0) }
            let reserved = Int.random(in: 1...6, using: &generator)
            if let flight = try devices[side].send(plaintext, reserving: reserved) {
                flights[1 - side].append(flight)
            }
        }

        private enum Fate { case once, again, crash }

        private mutating func deliver(to side: Int) throws {
            guard !flights[side].isEmpty else { return }
            let fate: Fate = generator.once(in: 6) ? .again : generator.once(in: 10) ? .crash : .once
            try deliver(to: side, index: anyFlight(to: side), fate: fate)
        }

        private mutating func deliver(to side: Int, index: Int, fate: Fate) throws {
            let flight = flights[side][index]
            if fate == .once { flights[side].remove(at: index) }
            let device = devices[side]
            let before = device.memory?.serialized()
            let isOver = device.seen.contains(flight.key.ratchetKey) && !device.knows(flight.key.ratchetKey)
            do {
                let plaintext = try devices[side].receive(flight, crashing: fate == .crash)
                if plaintext != flight.plaintext { problems.append("another plaintext") }
                if device.read.contains(flight.key) { problems.append("read twice") }
                if isOver { problems.append("read in a chain that was given up") }
                opened += 1
            } catch let error as SignalError {
                if devices[side].memory?.serialized() != before { problems.append("an error changed the record") }
                if isOver { return }
                if !device.read.contains(flight.key) { problems.append("lost: \(error)") }
                if device.read.contains(flight.key), error.code != .duplicate {
                    problems.append("a duplicate gave \(error)")
                }
            }
        }
    }
}
