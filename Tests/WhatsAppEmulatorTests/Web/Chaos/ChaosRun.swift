import Foundation
import Synchronization
import TestKit
import WhatsAppKeys

@testable import WhatsAppEmulator
@testable import WhatsAppWeb
@testable import WhatsAppWire

/// Real clients, the emulated servers, and a driver that chooses by a seed what happens next, down to each job of each
/// actor: sends, cancellations, failures of the store, lost connections, crashes, damage, repetition and disorder.
final class ChaosRun {
    /// What a run has led to.
    struct Report: Sendable {
        var wrong: [String] = []
        var counts: [String: Int] = [:]
    }
    typealias WorldStep = @Sendable (isolated WebWorld) -> Void

    var random: SeededRandom
    let executor = SteppedExecutor()
    let world = WebWorld(WebOptions(), authority: NoiseAuthority(root: .random()), log: StanzaLog())
    let group = JID.group("120363000000000001")
    private let worldSteps: AsyncStream<WorldStep>.Continuation
    var devices: [ChaosDevice] = []
    let isTraced = ProcessInfo.processInfo.environment["MARTLET_CHAOS_TRACE"] != nil
    var mail: [ChaosMail] = []
    var report = Report()
    private var lineCount = 0
    private let outcomes = Outcomes()
    /// Those that ended badly and are to be tried again.
    var waiting: [Int] = []
    var underWay: [Int] = []
    /// How often connections were cut at the end to bring what was held back.
    var reconnects = 0
    /// What clients have sent, where a scene looks at it.
    var sentUp: [(index: Int, node: Node)]?

    /// How attempts to send have ended.
    final class Outcomes: Sendable {
        private let list = Mutex<[(index: Int, attempt: Int, error: String?)]>([])
        func add(_ index: Int, _ attempt: Int, _ error: String?) {
            list.withLock { $0.append((index, attempt, error)) }
        }
        func take() -> [(index: Int, attempt: Int, error: String?)] {
            list.withLock { list in
                defer { list = [] }
                return list
            }
        }
    }

    init(seed: UInt64) throws {
        random = SeededRandom(seed: seed)
        let (steps, add) = AsyncStream.makeStream(of: WorldStep.self)
        worldSteps = add
        let world = world
        Task(executorPreference: executor) { for await step in steps { await step(world) } }
        // Dana has two clients and Omer a phone besides.
        for (number, device) in [(WebPeer.dana, 1), (WebPeer.dana, 2), (WebPeer.omer, 1), (WebPeer.noa, 1)] {
            let lid = EmulatedAccount(number: number, name: "").lid
            devices.append(try ChaosDevice(number: number, device: UInt16(device), lid: lid, random: &random))
        }
        let linked = devices.compactMap(ChaosTrust.init)
        let (group, isTraced) = (group, isTraced)
        inWorld { world in
            world.options.isLean = !isTraced
            world.options.welcomes = false
            for device in linked {
                device.link(in: world)
                let account = world.account(device.jid.user)
                if account.number != WebPeer.omer { account.remove(world.phone(of: account).device) }
            }
            for device in linked {
                // With Omer's, which is in the world, sessions begin as everywhere.
                device.meetPhones(of: [WebPeer.dana, WebPeer.noa], in: world)
            }
            let made = WebGroup(
                id: group.user, subject: "Chaos", creator: world.account(WebPeer.dana), at: 1, usesLID: true)
            made.add(world.account(WebPeer.omer))
            made.add(world.account(WebPeer.noa))
            world.groups[group.user] = made
        }
        executor.drain()
    }

    /// Lets everything that is under way come to its end.
    deinit {
        for device in devices {
            device.line?.cut()
            device.store.die(&random)
        }
        worldSteps.finish()
        executor.drain()
    }

    func inWorld(_ step: @escaping WorldStep) { worldSteps.yield(step) }

    func note(_ what: String) { report.counts[what, default: 0] += 1 }

    // MARK: - What happens

    func connect(_ index: Int) throws {
        lineCount += 1
        let line = try ChaosLine(lineCount)
        devices[index].line = line
        let (client, jid) = (devices[index].client, devices[index].jid)
        Task(executorPreference: executor) { await client.attend(line) }
        inWorld { $0.admit(jid, over: line) }
    }

    func cut(_ index: Int) {
        guard let line = devices[index].line, !line.isCut else { return }
        line.cut()
        inWorld { $0.take(.gone(connection: line.number)) }
    }

    func crash(_ index: Int) {
        cut(index)
        devices[index].crash(&random)
        devices[index].line = nil
        for message in underWay where mail[message].sender == index {
            mail[message].task?.cancel()
            mail[message].state = .waiting
            waiting.append(message)
        }
        underWay.removeAll { mail[$0].sender == index }
    }

    /// A connection that has ended, by whichever side, is noticed.
    func tidy(_ index: Int) {
        guard let line = devices[index].line, line.isOver else { return }
        cut(index)
        devices[index].line = nil
    }

    func write() {
        let sender = random.below(devices.count)
        let number = devices[sender].number
        let others = [WebPeer.dana, WebPeer.omer, WebPeer.noa].filter { $0 != number }
        let text = "m\(mail.count)"
        let id = "3EB0\(String(mail.count, radix: 16, uppercase: true))"
        var message: ChaosMail
        if random.below(3) == 0 {
            message = ChaosMail(
                id: id, text: text, sender: sender, chat: group, accounts: [WebPeer.dana, WebPeer.omer, WebPeer.noa])
        } else {
            let other = others[random.below(2)]
            let lid = EmulatedAccount(number: other, name: "").lid
            message = ChaosMail(
                id: id, text: text, sender: sender, chat: random.below(2) == 0 ? lid : .phoneNumber(other),
                accounts: [number, other])
        }
        message.state = .waiting
        mail.append(message)
        send(mail.count - 1)
    }

    func send(_ index: Int) {
        mail[index].state = .underWay
        mail[index].attempt += 1
        underWay.append(index)
        let (message, attempt) = (mail[index], mail[index].attempt)
        let (client, outcomes) = (devices[message.sender].client, outcomes)
        mail[index].task = Task(executorPreference: executor) {
            do {
                _ = try await client.send(OutgoingMessage(.text(message.text)), to: message.chat, id: message.id)
                outcomes.add(index, attempt, nil)
            } catch { outcomes.add(index, attempt, "\(error)") }
        }
    }

    /// Notes which sends have ended.
    func collect() {
        for outcome in outcomes.take() where mail[outcome.index].attempt == outcome.attempt {
            guard mail[outcome.index].state == .underWay else { continue }
            underWay.removeAll { $0 == outcome.index }
            mail[outcome.index].task = nil
            if let error = outcome.error {
                mail[outcome.index].state = .waiting
                waiting.append(outcome.index)
                note("send failed: \(error.prefix(60))")
            } else {
                mail[outcome.index].state = .done
            }
        }
    }

    /// One stanza of a client reaches the server.
    func moveUp(_ index: Int) {
        guard let line = devices[index].line else { return }
        do {
            guard let node = try line.takeUp() else { return }
            sentUp?.append((index, node))
            if node.tag == "receipt", node.text("type") == "retry" { note("retry receipts") }
            inWorld { $0.take(.stanza(connection: line.number, node)) }
        } catch {
            report.wrong.append("a frame of \(devices[index].jid) cannot be opened: \(error)")
        }
    }

    func spoil(_ index: Int) {
        let jid = random.below(8) == 0 ? JID.phoneNumber(WebPeer.omer) : devices[index].jid
        switch random.below(3) {
        case 0:
            note("damaged")
            inWorld { $0.device(jid)?.faults.corrupt += 1 }
        case 1:
            note("doubled")
            inWorld { $0.device(jid)?.faults.duplicate += 1 }
        default:
            note("swapped")
            inWorld { $0.device(jid)?.faults.swap += 1 }
        }
    }
}
