import Foundation
import TestKit
import Testing
import WhatsAppKeys
import WhatsAppWire

@testable import WhatsAppWeb

@Suite struct SignedPrekeyTests {
    private let day: TimeInterval = 86_400
    private func later(_ days: Double) -> Date { .monday.addingTimeInterval(days * day) }

    @Test(arguments: [(0.0, false), (6.9, false), (7, true), (40, true), (-0.5, false), (-2, true)])
    func `a signed prekey is renewed after a week, or when it is from the future`(days: Double, isNeeded: Bool) {
        #expect(Credentials.random(at: .monday).needsNewSignedPrekey(at: later(days)) == isNeeded)
    }

    @Test func `a replaced signed prekey opens messages for four weeks more`() {
        var credentials = Credentials.random(at: .monday)
        credentials.renewSignedPrekey(at: later(7))
        #expect(credentials.signedPrekey.id == 2 && credentials.signedPrekeyIsNews)
        #expect(credentials.signedPrekey(numbered: 1) != nil)
        for week in 2...4 { credentials.renewSignedPrekey(at: later(7 * Double(week))) }
        // It was replaced three weeks ago.
        #expect(credentials.earlierSignedPrekeys.map(\.id) == [4, 3, 2, 1])
        credentials.renewSignedPrekey(at: later(35))
        #expect(credentials.earlierSignedPrekeys.map(\.id) == [5, 4, 3, 2])
        #expect(credentials.signedPrekey(numbered: 1) == nil)
    }

    @Test func `one that was replaced late is kept as long`() {
        var credentials = Credentials.random(at: .monday)
        credentials.renewSignedPrekey(at: later(90))
        #expect(credentials.signedPrekey(numbered: 1) != nil)
    }

    @Test func `a clock that runs wild keeps a bounded number`() {
        var credentials = Credentials.random(at: .monday)
        for _ in 0..<50 { credentials.renewSignedPrekey(at: .monday) }
        #expect(credentials.earlierSignedPrekeys.count == Credentials.earlierPrekeyLimit)
    }

    @Test func `the number goes round within 24 bits`() {
        var credentials = Credentials.random(at: .monday)
        credentials.signedPrekey.id = 0xFF_FFFF
        credentials.renewSignedPrekey(at: later(7))
        #expect(credentials.signedPrekey.id == 1)
    }

    @Test func `all of them are signed by the identity and survive storing`() throws {
        var credentials = Credentials.random(at: .monday)
        credentials.renewSignedPrekey(at: later(7))
        let read = try Credentials(decoding: credentials.encoded())
        for key in [read.signedPrekey] + read.earlierSignedPrekeys {
            #expect(XEdDSA.isValid(key.signature, over: key.keys.publicKey.prefixed, by: read.identity.publicKey))
        }
        #expect(read.earlierSignedPrekeys.map(\.id) == [1] && read.signedPrekeyIsNews)
        #expect(read.earlierSignedPrekeys[0].keys.publicKey == credentials.earlierSignedPrekeys[0].keys.publicKey)
    }

    @Test func `an old copy gives out no number that may have been given out`() throws {
        let credentials = Credentials.random(at: .monday)
        let changes = try StoreChange.renewingRatchets(of: credentials.encoded(), at: later(1))
        #expect(changes.contains(.deleteAll(.session, prefix: "")))
        #expect(changes.contains(.deleteAll(.senderKey, prefix: "")))
        guard case .put(.credentials, let bytes)? = changes.last else { throw WebError(.store, "no credentials") }
        let renewed = try Credentials(decoding: bytes)
        #expect(renewed.nextPrekeyID > 60_000 && renewed.signedPrekey.id > 1_000 && renewed.signedPrekeyIsNews)
        #expect(renewed.identity.publicKey == credentials.identity.publicKey)
        #expect(renewed.signedPrekey(numbered: 1) != nil)
    }
}
