import Foundation
import Testing
import TestKit
import WhatsAppProto
import WhatsAppWire

@testable import WhatsAppWeb

@Suite struct AppStatePatchTests {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)
    let key: AppStateKey

    init() throws {
        key = try #require(AppStateKey(id: [0, 0, 0, 0, 0, 1], data: [UInt8](repeating: 4, count: 32)))
    }

    /// A collection as one device keeps it.
    private struct Device {
        var state: AppStateVersion
        var values: [[UInt8]: [UInt8]] = [:]

        mutating func take(_ change: AppStateChange) {
            state = change.version
            if change.replacesAll { values = [:] }
            values.merge(change.values) { $1 }
            for index in change.removed { values[index] = nil }
        }
    }

    private func changes(of actions: [AppStateAction]) throws -> [AppStateEvent.Change] {
        let collection = actions[0].collection
        let state = AppStateVersion(collection)
        let patch = try AppStatePatch(
            actions, at: Self.now, to: state, key: key, previous: { _ in nil },
            random: { [UInt8](repeating: 8, count: $0) })
        var read = try AppStateDecoder.patch(patch.bytes)
        read.version.version = 1
        let change = try AppStateDecoder(keys: AppStateKeyRing([key])).apply(read, to: state) { _ in nil }
        #expect(change.version == patch.change.version)
        #expect(change.values == patch.change.values)
        #expect(change.removed == patch.change.removed)
        #expect(change.events.allSatisfy { $0.at == Self.now })
        return change.events.map(\.change)
    }

    @Test func `each action is read as it was written`() throws {
        let dana = People.dana
        let newest = AppStateAction.NewestMessage(
            MessageReference(id: "M", chat: dana, sender: dana, isFromMe: false), sentAt: Self.now)
        #expect(try changes(of: [.mute(dana, .never)]) == [.muted(dana, .never)])
        #expect(try changes(of: [.mute(dana, .at(Self.now))]) == [.muted(dana, .at(Self.now))])
        #expect(try changes(of: [.mute(dana, nil)]) == [.muted(dana, nil)])
        #expect(try changes(of: [.pin(dana, true)]) == [.pinned(dana, true)])
        #expect(
            try changes(of: [.archive(dana, true, newest: newest)]) == [.archived(dana, true), .pinned(dana, false)])
        #expect(try changes(of: [.archive(dana, false, newest: nil)]) == [.archived(dana, false)])
        #expect(try changes(of: [.markRead(dana, true, newest: newest)]) == [.markedRead(dana, true)])
        #expect(try changes(of: [.pushName("Martlet \"bot\" \\ é")]) == [.pushName("Martlet \"bot\" \\ é")])
        let names = AppStateEvent.ContactNames(full: "Dana D", first: "Dana", alias: People.danaPhone)
        #expect(try changes(of: [.contact(dana, names)]) == [.contact(dana, names)])
        #expect(try changes(of: [.contact(dana, nil)]) == [.contact(dana, nil)])
    }

    @Test func `two devices that exchange any patches agree, and with a snapshot`() throws {
        var random = SeededRandom(seed: 11)
        let ring = AppStateKeyRing([key])
        var writer = Device(state: AppStateVersion(.regularLow))
        var reader = writer
        for _ in 0..<200 {
            let actions = (0..<Int.random(in: 1...4, using: &random)).map { _ -> AppStateAction in
                let chat = JID.lid(String(Int.random(in: 1...5, using: &random)))
                let flag = Bool.random(using: &random)
                return switch Int.random(in: 0..<3, using: &random) {
                case 0: .pin(chat, flag)
                case 1: .archive(chat, flag, newest: nil)
                default: .markRead(chat, flag, newest: nil)
                }
            }
            let known = AppStatePatch.indexMACs(of: actions, key: key)
            let previous = writer.values.filter { known.contains($0.key) }
            let patch = try AppStatePatch(
                actions, at: Self.now, to: writer.state, key: key, previous: { previous[$0] },
                random: { random.bytes($0) })
            writer.take(patch.change)
            var read = try AppStateDecoder.patch(patch.bytes)
            read.version.version = writer.state.number
            let needed = AppStateDecoder.indexMACs(of: read)
            let before = reader.values.filter { needed.contains($0.key) }
            reader.take(try AppStateDecoder(keys: ring).apply(read, to: reader.state) { before[$0] })
            #expect(reader.state == writer.state)
            #expect(reader.values == writer.values)
        }
        var whole = LatticeHash()
        for value in writer.values.values { whole.add(value) }
        #expect(whole == writer.state.hash)
    }

    @Test func `contacts come and go`() throws {
        let ring = AppStateKeyRing([key])
        var device = Device(state: AppStateVersion(.criticalUnblockLow))
        let steps: [AppStateAction] = [
            .contact(People.omer, nil), .contact(People.dana, .init(full: "Dana")), .contact(People.dana, nil),
        ]
        for action in steps {
            let patch = try AppStatePatch(
                [action], at: Self.now, to: device.state, key: key, previous: { device.values[$0] },
                random: { [UInt8](repeating: 1, count: $0) })
            var read = try AppStateDecoder.patch(patch.bytes)
            read.version.version = device.state.number + 1
            device.take(try AppStateDecoder(keys: ring).apply(read, to: device.state) { device.values[$0] })
        }
        #expect(device.values.isEmpty)
        #expect(device.state.hash == LatticeHash())
        #expect(device.state.number == 3)
    }

    @Test func `the hash forgets what was taken from it`() {
        var random = SeededRandom(seed: 2)
        var hash = LatticeHash()
        let values = (0..<20).map { _ in random.bytes(32) }
        for value in values { hash.add(value) }
        for value in values.shuffled(using: &random) { hash.remove(value) }
        #expect(hash == LatticeHash())
        #expect(LatticeHash(hash.bytes) == hash)
    }

    @Test func `a version survives the store`() throws {
        var version = AppStateVersion(.regular)
        version.number = .max - 1
        version.hash.add([1])
        #expect(AppStateVersion(.regular, bytes: version.bytes) == version)
        #expect(AppStateVersion(.regular, bytes: Array(version.bytes.dropLast())) == nil)
    }

    @Test func `actions of two collections do not go together`() {
        #expect(throws: WebError.self) {
            try AppStatePatch(
                [.pin(People.dana, true), .pushName("x")], at: Self.now, to: AppStateVersion(.regularLow), key: key,
                previous: { _ in nil }, random: { [UInt8](repeating: 1, count: $0) })
        }
    }

    @Test func `a key prints only its id`() {
        #expect("\(key)" == "app state key 000000000001")
    }
}
