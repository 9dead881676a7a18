import NIOCore
import WhatsAppKeys
import WhatsAppWire

/// What the world has to deal with, one after the other.
enum WorldInput: Sendable {
    /// A client has finished its handshake.
    case arrived(Arrival)
    /// A stanza came on a connection.
    case stanza(connection: Int, Node)
    /// A connection is gone.
    case gone(connection: Int)
    /// A request by HTTP; `answer` is called once.
    case call(EmulatorCall, Surface, answer: @Sendable (WebReply) -> Void)
    /// Something for the log.
    case note(String)

    /// Which of the emulator's faces is asked.
    enum Surface: Sendable {
        /// What the public internet sees: WebSocket, media host, front page.
        case network
        /// The control API.
        case control
    }

    /// A client at the end of its handshake.
    struct Arrival: Sendable {
        let connection: Int
        let channel: any Channel
        /// The client's Noise key.
        let key: PublicKey
        /// The `ClientPayload` message.
        let payload: [UInt8]
        /// What the client was told on an earlier connection, if it was.
        let routingInfo: [UInt8]?
    }
}
