import Foundation
import Synchronization
import TestKit
import WhatsAppWire

@testable import WhatsAppEmulator

extension ChaosRun {
    /// Does a run on a thread of its own.
    static func perform(seed: UInt64, steps: Int) async throws -> Report {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                continuation.resume(
                    with: Result {
                        let run = try ChaosRun(seed: seed)
                        for _ in 0..<steps { try run.step() }
                        try run.settle()
                        run.judge()
                        return run.report
                    })
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// One thing happens, and some jobs run.
    func step() throws {
        let index = random.below(devices.count)
        switch random.below(1000) {
        case 0..<30: if underWay.count < 24 { write() }
        case 30..<60: if !waiting.isEmpty { send(waiting.remove(at: random.below(waiting.count))) }
        case 60..<64:
            if let message = underWay.isEmpty ? nil : underWay[random.below(underWay.count)] {
                note("cancelled")
                mail[message].task?.cancel()
            }
        case 64..<67:
            note("lost connections")
            cut(index)
        case 67..<69:
            note("crashes")
            crash(index)
        case 69..<74: spoil(index)
        case 74..<120:
            tidy(index)
            if devices[index].line == nil { try connect(index) }
        case 120..<124: endWait(index, failing: true)
        case 124..<330: endWait(index, failing: false)
        case 330..<600: for _ in 0...random.below(4) { moveUp(index) }
        case 600..<870: for _ in 0...random.below(4) { devices[index].line?.passDown() }
        default: break
        }
        for _ in 0..<random.below(12) {
            let running = executor.step { self.random.below($0) }
            if !running { break }
        }
        collect()
    }

    /// Lets everything happen that waits for a store.
    func endWaits(of index: Int) {
        while devices[index].store.waitingCount > 0 { devices[index].store.end(0, with: .happens) }
    }
    func endWaits() { for index in devices.indices { endWaits(of: index) } }

    private func endWait(_ index: Int, failing: Bool) {
        let store = devices[index].store
        guard store.waitingCount > 0 else { return }
        let one = random.below(store.waitingCount)
        guard failing else { return store.end(one, with: .happens) }
        note("failures of the store")
        store.end(one, with: random.below(2) == 0 ? .failsBefore : .failsAfter)
    }

    /// Nothing goes wrong any more: everything ends, or something is stuck.
    func settle(mostRounds: Int = 20_000) throws {
        inWorld { world in
            for device in world.accounts.values.flatMap(\.allDevices) { device.faults = .init() }
        }
        var quiet = 0
        var rounds = 0
        while quiet < 3 {
            rounds += 1
            guard rounds < mostRounds else { return report.wrong.append("it does not come to rest") }
            var isBusy = false
            executor.drain()
            collect()
            for index in devices.indices {
                tidy(index)
                if devices[index].line == nil {
                    try connect(index)
                    isBusy = true
                }
                if devices[index].store.waitingCount > 0 { isBusy = true }
                endWaits(of: index)
                guard let line = devices[index].line else { continue }
                if line.upCount + line.downCount > 0 { isBusy = true }
                moveUp(index)
                line.passDown()
            }
            for message in waiting { send(message) }
            if !waiting.isEmpty { isBusy = true }
            waiting = []
            // What was held back waits for another message; the end of the connection brings it.
            quiet = isBusy ? 0 : quiet + 1
            if quiet == 2, rounds < mostRounds - 1_000, bringHeldBack() { quiet = 0 }
        }
    }

    private func bringHeldBack() -> Bool {
        let flag = FoundDevices()
        inWorld { world in
            for device in world.accounts.values.flatMap(\.allDevices) where device.pending.count > 0 {
                flag.add(device.phoneNumber)
            }
        }
        executor.drain()
        let stuck = flag.all
        guard !stuck.isEmpty, reconnects < 3 else { return false }
        reconnects += 1
        for index in devices.indices where stuck.contains(devices[index].jid) { cut(index) }
        executor.drain()
        return true
    }

    /// What the world saw of a message, for who looks for a fault.
    private func trace(_ message: ChaosMail) {
        guard isTraced else { return }
        inWorld { world in
            for entry in world.log.entries(since: 0, match: "\"\(message.id)\"") { print(entry.sequence, entry.text) }
        }
        executor.drain()
    }

    /// What must be true at the end.
    func judge() {
        for message in mail where message.state != .done { report.wrong.append("\(message.text) was never sent") }
        for message in mail {
            for (index, device) in devices.enumerated()
            where index != message.sender && message.accounts.contains(device.number) {
                let count = device.heard.count(of: message.text)
                if count != 1 {
                    report.wrong.append("\(message.text) came \(count) times to \(device.jid)")
                    trace(message)
                }
            }
        }
        for device in devices where device.heard.unreadable > 0 {
            report.wrong.append("\(device.heard.unreadable) messages were given up by \(device.jid)")
        }
        let repeated = devices.reduce(0) { $0 + $1.heard.repeated }
        report.counts["told again"] = repeated
        if repeated > 1 + (report.counts["crashes"] ?? 0) / 10 { report.wrong.append("\(repeated) were told again") }
        let mail = mail
        let verdicts = FoundTexts()
        inWorld { world in
            if world.counters.reuses > 0 { verdicts.add("\(world.counters.reuses) message keys were used twice") }
            for device in world.accounts.values.flatMap(\.companions) where device.pending.count > 0 {
                verdicts.add("\(device.phoneNumber) left \(device.pending.count) stanzas unacknowledged")
            }
            for entry in world.log.entries(since: 0, match: "REUSED") { verdicts.add(entry.text) }
            for entry in world.log.entries(since: 0, match: "REFUSED") { verdicts.add(entry.text) }
            var read: [String: Int] = [:]
            for entry in world.phone(of: world.account(WebPeer.omer)).inbox {
                let json = WebWorld.json(of: entry)
                let text = json["text"]?.text ?? json["message"]?["text"]?.text ?? ""
                read[text, default: 0] += 1
            }
            for message in mail where message.accounts.contains(WebPeer.omer) {
                // The emulated phone does not notice repetitions, of which there are few after lost connections.
                if read[message.text] == nil { verdicts.add("\(message.text) did not come to the phone") }
            }
        }
        executor.drain()
        report.wrong += verdicts.all
        report.counts["messages"] = mail.count
    }
}

/// Addresses that a step of the world has found.
final class FoundDevices: Sendable {
    private let list = Mutex<[JID]>([])
    func add(_ jid: JID) { list.withLock { $0.append(jid) } }
    var all: [JID] { list.withLock { $0 } }
}

/// What a step of the world has to say.
final class FoundTexts: Sendable {
    private let list = Mutex<[String]>([])
    func add(_ text: String) { list.withLock { $0.append(text) } }
    var all: [String] { list.withLock { $0 } }
}
