import SwiftProtobuf
import WhatsAppProto

private let kinds: [any Message.Type] = [
    WAMessage.self, WAHandshakeMessage.self, WAClientPayload.self, WACertificateChain.self,
    WASignedDeviceIdentityContainer.self, WASignedDeviceIdentity.self, WAKeyIndexList.self, WASignalMessage.self,
    WAPreKeySignalMessage.self, WASenderKeyMessage.self, WASenderKeyDistribution.self, WAHistorySync.self,
    WASyncdPatch.self, WASyncdSnapshot.self, WASyncActionData.self, WAMediaRetryNotification.self,
]

/// Any bytes are a message or refused; a message that was read is written and read again as the same.
///
/// The first byte says which message.
@_cdecl("LLVMFuzzerTestOneInput")
func readMessage(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let first = input.first else { return 0 }
    read(kinds[Int(first) % kinds.count], Array(input.dropFirst()))
    return 0
}

private func read<Kind: Message>(_ kind: Kind.Type, _ bytes: [UInt8]) {
    guard let message = try? kind.init(serializedBytes: bytes) else { return }
    guard let written: [UInt8] = try? message.serializedBytes() else { preconditionFailure("it cannot be written") }
    guard let again = try? kind.init(serializedBytes: written), let rewritten: [UInt8] = try? again.serializedBytes()
    else { preconditionFailure("what was written cannot be read") }
    precondition(rewritten == written, "what was written reads as something else")
}
