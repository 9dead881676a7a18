import Foundation
import Testing
import WhatsAppKeys
import WhatsAppWire

@testable import WhatsAppWeb

/// Which devices, and which keys of theirs, are believed.
@Suite struct DeviceTrustTests {
    private let mine = AccountKeys()
    private let danas = AccountKeys()
    private let stranger = AccountKeys()
    private let companion = SigningKey.random()

    // MARK: - Lists

    private func list(_ signed: [UInt8]?, index: String? = "1") -> ListedDevices {
        var device = Node("device", ["id": "1"])
        if let index { device.attributes["key-index"] = .text(index) }
        var parts = [Node("device-list", [:], [Node("device", ["id": "0"]), device])]
        if let signed { parts.append(Node("key-index-list", bytes: signed)) }
        return ListedDevices(Node("user", [:], [Node("devices", [:], parts)]), of: People.dana)
    }

    private func companions(_ list: ListedDevices, by account: AccountKeys?) -> [JID] {
        let devices = list.devices(vouchedForBy: account?.phone.publicKey)
        #expect(devices.first == People.dana)
        return Array(devices.dropFirst())
    }

    @Test func `companions are those that the account has signed`() throws {
        let good = try danas.keyIndexList(valid: [0, 1], current: 1)
        #expect(companions(list(good), by: danas) == [People.dana.with(device: 1)])
        #expect(companions(list(good, index: "2"), by: danas).count == 1, "newer than the list")
        #expect(companions(list(good, index: nil), by: danas).isEmpty)
        let revoked = try danas.keyIndexList(valid: [0, 2], current: 2)
        #expect(companions(list(revoked), by: danas).isEmpty)
    }

    @Test func `without a list that the account has signed there is only the phone`() throws {
        let strange = try danas.keyIndexList(valid: [0, 1], current: 1, signedBy: stranger.phone)
        #expect(companions(list(strange), by: danas).isEmpty)
        var broken = try danas.keyIndexList(valid: [0, 1], current: 1)
        broken[broken.count - 40] ^= 1
        #expect(companions(list(broken), by: danas).isEmpty)
        for damaged in [nil, [], [1, 2, 3]] as [[UInt8]?] { #expect(companions(list(damaged), by: danas).isEmpty) }
        // Nor is the key believed that the list itself brings.
        #expect(companions(list(strange), by: nil).isEmpty)
    }

    @Test func `a device that a business host runs has an address of its own, and its account's words`() async throws {
        let good = try danas.keyIndexList(valid: [0, 1], current: 1)
        var hosted = Node("device", ["id": "1", "key-index": "1", "is_hosted": "true"])
        for (user, place) in [(People.dana, JID.Server.hostedLID), (People.danaPhone, .hosted)] {
            let parts = [
                Node("device-list", [:], [Node("device", ["id": "0"]), hosted]), Node("key-index-list", bytes: good),
            ]
            let list = ListedDevices(Node("user", [:], [Node("devices", [:], parts)]), of: user)
            let devices = list.devices(vouchedForBy: danas.phone.publicKey)
            #expect(devices == [user, JID(user.user, place, device: 1)])
            #expect(devices.last?.withoutDevice == user)
        }
        hosted.attributes["is_hosted"] = "false"
        let client = try await WebClient.linked(to: mine)
        try await client.know(People.dana, as: danas.phone)
        let device = JID(People.dana.user, .hostedLID, device: 1)
        func isBelieved(_ word: [UInt8]) async -> Bool {
            await client.isVouchedFor(device, companion.publicKey, by: word)
        }
        #expect(await isBelieved(try danas.vouch(for: companion, isHosted: true)))
        #expect(await !isBelieved(try stranger.vouch(for: companion, isHosted: true)))
    }

    // MARK: - Keys that devices offer

    private func offers(
        of device: JID, on client: WebClient, _ identity: SigningKey, _ deviceIdentity: [UInt8]? = nil
    ) async throws -> Bool {
        try await client.takes(try OfferedKeys.sample(of: identity, deviceIdentity), of: device)
    }

    @Test func `a companion offers the keys that it is known by, or that its account vouches for`() async throws {
        let events = RecordedEvents()
        let client = try await WebClient.linked(to: mine, store: MemoryStore { events.add($0) })
        let device = People.dana.with(device: 1)
        try await client.know(People.dana, as: danas.phone)
        #expect(try await !offers(of: device, on: client, companion))
        #expect(try await offers(of: device, on: client, companion, try danas.vouch(for: companion, isNamed: false)))
        // Vouched for by somebody who says to be the account.
        #expect(try await !offers(of: device, on: client, companion, try stranger.vouch(for: companion)))
        #expect(events.all.isEmpty)

        try await client.know(device, as: companion)
        #expect(try await offers(of: device, on: client, companion))
        let new = SigningKey.random()
        #expect(try await !offers(of: device, on: client, new))
        #expect(try await !offers(of: device, on: client, new, try stranger.vouch(for: new)))
        #expect(try await !offers(of: device, on: client, new, try danas.vouch(for: companion)))
        #expect(events.all.isEmpty)
        #expect(try await offers(of: device, on: client, new, try danas.vouch(for: new)))
        let changed = events.all.compactMap { if case .identityChanged(let user) = $0 { user } else { nil } }
        #expect(changed == [People.dana])
    }

    @Test func `an own companion is never believed without its account's word`() async throws {
        let client = try await WebClient.linked(to: mine)
        let device = People.me.with(device: 2)
        try await client.know(device, as: companion)
        #expect(try await !offers(of: device, on: client, companion))
        #expect(try await !offers(of: device, on: client, companion, try stranger.vouch(for: companion)))
        #expect(try await offers(of: device, on: client, companion, try mine.vouch(for: companion)))
    }

    @Test func `of a phone only the keys that it is known by are taken from itself`() async throws {
        let client = try await WebClient.linked(to: mine)
        #expect(try await !offers(of: People.dana, on: client, danas.phone))
        try await client.know(People.dana, as: danas.phone)
        #expect(try await offers(of: People.dana, on: client, danas.phone))
        #expect(try await !offers(of: People.dana, on: client, stranger.phone, try danas.vouch(for: stranger.phone)))
        let isOwn = await client.isVouchedFor(People.me, mine.phone.publicKey, by: nil)
        let isStranger = await client.isVouchedFor(People.me, stranger.phone.publicKey, by: nil)
        #expect(isOwn && !isStranger)
    }
}
