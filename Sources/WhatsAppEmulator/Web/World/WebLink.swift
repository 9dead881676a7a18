import NIOCore
import WhatsAppKeys
import WhatsAppWire

/// A client's connection after the handshake.
final class WebLink {
    let number: Int
    let channel: any Channel
    /// The client's Noise key.
    let key: PublicKey
    /// Who it is, once it has logged in.
    var device: EmulatedDevice?
    /// What it wants to become, if it has registered.
    var pairing: Pairing?
    /// Whether it asked for the stream of stanzas.
    var isActive = false
    /// Whether the server has said its last word.
    var isClosing = false
    /// Queued stanzas that have not been sent.
    var backlog: [Node] = []
    /// Messages that wait on purpose for the next one.
    var heldBack: [Node] = []

    init(_ arrival: WorldInput.Arrival) {
        number = arrival.connection
        channel = arrival.channel
        key = arrival.key
    }

    /// What the log calls it.
    var name: String {
        if let device { return device.phoneNumber.description }
        return pairing.map { "pairing-\($0.number)" } ?? "connection-\(number)"
    }
}
