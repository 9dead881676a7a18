import Foundation
import Logging
import Synchronization
import TestKit
import WhatsAppKeys

@testable import WhatsAppEmulator
@testable import WhatsAppWeb
@testable import WhatsAppWire

/// A linked device that is a real client: its disk lasts, its process and its connection come and go.
struct ChaosDevice {
    let number: String
    let jid: JID
    let disk: MemoryStore
    let heard: Heard
    var store: ChaosStore
    var client: WebClient
    var line: ChaosLine?

    /// What was told to the owner, in commits that happened.
    final class Heard: Sendable {
        private struct State {
            var texts: [String: Int] = [:]
            var names: Set<String> = []
            var unreadable = 0
            var repeated = 0
        }
        private let state = Mutex(State())
        func add(_ events: [WebEvent]) {
            state.withLock { state in
                for event in events {
                    switch event {
                    case .message(let message):
                        // As owners must: what was damaged and doubled can come once more after a crash.
                        guard state.names.insert("\(message.header.sender) \(message.header.id)").inserted else {
                            state.repeated += 1
                            continue
                        }
                        state.texts[message.content.text ?? "?", default: 0] += 1
                    case .unreadable: state.unreadable += 1
                    default: break
                    }
                }
            }
        }
        func count(of text: String) -> Int { state.withLock { $0.texts[text] ?? 0 } }
        var repeated: Int { state.withLock { $0.repeated } }
        var unreadable: Int { state.withLock { $0.unreadable } }
    }

    /// Keys and account are on the disk from the start, as after linking.
    init(number: String, device: UInt16, lid: JID, random: inout SeededRandom) throws {
        self.number = number
        jid = .phoneNumber(number, device: device)
        let heard = Heard()
        self.heard = heard
        disk = MemoryStore { heard.add($0) }
        var credentials = Credentials.random(at: Date(timeIntervalSince1970: 1_800_000_000))
        credentials.account = .init(
            phoneNumber: jid, lid: lid.with(device: device), deviceIdentity: [1], platform: nil, businessName: nil)
        disk.commit([.put(Credentials.key, try credentials.encoded())], events: [])
        (store, client) = Self.process(disk, &random)
    }

    private static func process(_ disk: MemoryStore, _ random: inout SeededRandom) -> (ChaosStore, WebClient) {
        let store = ChaosStore(disk, random: SeededRandom(seed: random.next()))
        let logger = Logger(label: "chaos") { _ in SwiftLogNoOpLogHandler() }
        return (store, WebClient(settings: WebSettings(), store: store, logger: logger))
    }

    var credentials: Credentials? {
        disk.load([Credentials.key])[Credentials.key].flatMap { try? Credentials(decoding: $0) }
    }

    /// The process is killed, and another one begins with what is on the disk.
    mutating func crash(_ random: inout SeededRandom) {
        store.die(&random)
        (store, client) = Self.process(disk, &random)
    }
}

/// A message that an owner wants to be sent, and tries again until the server has it.
struct ChaosMail {
    enum State { case waiting, underWay, done }
    let id: String
    let text: String
    let sender: Int
    let chat: JID
    /// The numbers of the accounts that it is for.
    let accounts: Set<String>
    var state = State.waiting
    var attempt = 0
    var task: Task<Void, Never>?
}
