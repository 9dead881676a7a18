import SwiftProtobuf
import WhatsAppProto

extension WebClient {
    /// Keeps the keys of the app state that the phone has sent.
    func takeAppStateKeys(_ share: WAAppStateSyncKeyShare, _ result: inout IntakeResult) {
        for key in share.keys.prefix(256) {
            let name = key.keyID.keyID.map { String($0, radix: 16) }.joined(separator: ".")
            guard let bytes: [UInt8] = try? key.serializedBytes(), !name.isEmpty, name.utf8.count <= 100 else {
                continue
            }
            result.changes.append(.put(StoreKey(.appStateKey, name), bytes))
        }
    }
}
