import SwiftProtobuf
import WhatsAppProto

private let readers: [@Sendable ([UInt8]) -> Void] = [
    { check(WAMessage.self, $0) },
    { check(WAHandshakeMessage.self, $0) },
    { check(WAClientPayload.self, $0) },
    { check(WACertificateChain.self, $0) },
    { check(WASignedDeviceIdentityContainer.self, $0) },
    { check(WASignedDeviceIdentity.self, $0) },
    { check(WAKeyIndexList.self, $0) },
    { check(WASignalMessage.self, $0) },
    { check(WAPreKeySignalMessage.self, $0) },
    { check(WASenderKeyMessage.self, $0) },
    { check(WASenderKeyDistribution.self, $0) },
    { check(WAHistorySync.self, $0) },
    { check(WASyncdPatch.self, $0) },
    { check(WASyncdSnapshot.self, $0) },
    { check(WASyncActionData.self, $0) },
    { check(WAMediaRetryNotification.self, $0) },
]

/// Any bytes are a message or refused; a message that was read is written and read again as the same.
///
/// The first byte says which message.
@_cdecl("LLVMFuzzerTestOneInput")
func readMessage(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let first = input.first else { return 0 }
    readers[Int(first) % readers.count](Array(input.dropFirst()))
    return 0
}

private func check<Kind: Message>(_ kind: Kind.Type, _ bytes: [UInt8]) {
    guard let message = try? kind.init(serializedBytes: bytes) else { return }
    guard let written: [UInt8] = try? message.serializedBytes() else { preconditionFailure("it cannot be written") }
    guard let again = try? kind.init(serializedBytes: written), let rewritten: [UInt8] = try? again.serializedBytes()
    else { preconditionFailure("what was written cannot be read") }
    precondition(rewritten == written, "what was written reads as something else")
}
