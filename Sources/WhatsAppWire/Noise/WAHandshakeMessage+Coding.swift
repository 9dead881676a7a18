import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto

extension WAHandshakeMessage {
    /// Reads the data of a frame.
    init(reading data: [UInt8]) throws(WireError) {
        do {
            self = try WAHandshakeMessage(serializedBytes: data)
        } catch {
            throw WireError(.malformedHandshake, "a handshake message cannot be read", underlying: error)
        }
    }

    /// The data of a frame.
    func encoded() throws(WireError) -> [UInt8] {
        do {
            return try serializedBytes()
        } catch {
            throw WireError(.malformedHandshake, "a handshake message cannot be written", underlying: error)
        }
    }
}

extension PublicKey {
    /// A key of exactly 32 bytes, as handshakes have it.
    init(handshake bytes: [UInt8]) throws(WireError) {
        guard bytes.count == Self.byteCount else {
            throw WireError(.malformedHandshake, "a key in the handshake has \(bytes.count) bytes, not 32")
        }
        do {
            try self.init(bytes)
        } catch {
            throw WireError(.malformedHandshake, "a key in the handshake is not usable", underlying: error)
        }
    }

    /// The 32 bytes as protobuf messages hold them.
    var data: Data { Data(bytes) }
}
