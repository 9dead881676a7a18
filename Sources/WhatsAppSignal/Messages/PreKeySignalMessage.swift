public import WhatsAppKeys

/// A message that can begin a session: `33 || protobuf`, with the keys that its sender used and a message in it.
public struct PreKeySignalMessage: Sendable {
    /// The one-time prekey of the receiver that was used, if one was.
    public let prekeyID: UInt32?
    /// The signed prekey of the receiver that was used.
    public let signedPrekeyID: UInt32
    /// The sender's number for this registration.
    public let registrationID: UInt32
    /// What tells two sessions of the same sender apart.
    public let baseKey: PublicKey
    /// Who says to have sent it; proved only by decrypting.
    public let identity: PublicKey
    let message: SignalMessage

    /// Reads a message; whether it is genuine is for the session to say.
    public init(_ bytes: [UInt8]) throws(SignalError) {
        var reader = FieldReader(bytes, in: try MessageVersion.body(of: bytes))
        var (prekeyID, signedPrekeyID, registrationID): (UInt32?, UInt32?, UInt32?)
        var (baseKey, identity): (PublicKey?, PublicKey?)
        var message: Range<Int>?
        while let (number, value) = try reader.next() {
            switch number {
            case 1: prekeyID = try value.uint32()
            case 2: baseKey = try MessageVersion.key(bytes, value.range())
            case 3: identity = try MessageVersion.key(bytes, value.range())
            case 4: message = try value.range()
            case 5: registrationID = try value.uint32()
            case 6: signedPrekeyID = try value.uint32()
            default: break
            }
        }
        guard let baseKey, let identity, let message, let signedPrekeyID else {
            throw .malformed("a first message lacks base key, identity, signed prekey or content")
        }
        self.prekeyID = prekeyID
        self.signedPrekeyID = signedPrekeyID
        self.registrationID = registrationID ?? 0
        self.baseKey = baseKey
        self.identity = identity
        self.message = try SignalMessage(Array(bytes[message]))
    }

    /// The message around `message`, in the order of the field numbers.
    static func bytes(
        around message: [UInt8], of session: Session, pending: PendingPrekey
    ) -> [UInt8] {
        var writer = FieldWriter(capacity: message.count + 96)
        if let id = pending.prekeyID { writer.number(1, id) }
        writer.key(2, session.baseKey)
        writer.key(3, session.localIdentity)
        writer.data(4, message)
        writer.number(5, session.localRegistrationID)
        writer.number(6, pending.signedPrekeyID)
        return writer.bytes
    }
}
