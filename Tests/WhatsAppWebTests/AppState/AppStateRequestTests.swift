import Foundation
import Testing
import WhatsAppProto
import WhatsAppWire

@testable import WhatsAppWeb

struct AppStateRequestTests {
    @Test func `the first question is for a snapshot, later ones are for patches`() {
        let first = AppStateRequest.fetch(.regular, after: 0).descendant("sync", "collection")
        #expect(first?.text("return_snapshot") == "true" && first?.text("version") == nil)
        let later = AppStateRequest.fetch(.regular, after: 7).descendant("sync", "collection")
        #expect(later?.text("return_snapshot") == "false" && later?.text("version") == "7")
    }

    @Test func `a notification names collections, and unknown ones are left out`() {
        let names = ["regular_low", "new_thing", "critical_block"]
        let node = Node("notification", [:], names.map { Node("collection", ["name": .text($0)]) })
        #expect(AppStateRequest.collections(in: node) == [.criticalBlock, .regularLow])
    }

    @Test func `keys are told apart by their ids and ordered by their epochs`() throws {
        var stored = WAAppStateSyncKey()
        stored.keyID.keyID = Data([0, 1, 0, 0, 1, 2])
        stored.keyData.keyData = Data(repeating: 9, count: 32)
        let key = try #require(AppStateKey(stored))
        #expect(key.epoch == 258)
        #expect(key.storeKey == StoreKey(.appStateKey, "000100000102"))
        stored.keyData.keyData = Data(repeating: 9, count: 31)
        #expect(AppStateKey(stored) == nil)
        #expect(AppStateKey(stored: [255, 255]) == nil)
    }

    @Test func `names of entries fit into the store`() {
        for collection in AppStateCollection.allCases {
            #expect(collection.valueKey([UInt8](repeating: 255, count: 1_000)).name.utf8.count <= 200)
        }
    }
}
