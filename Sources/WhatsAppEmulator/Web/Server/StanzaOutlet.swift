import NIOCore

/// The way to one client.
protocol StanzaOutlet: Sendable {
    /// Sends, after so many milliseconds; what is sent at once keeps its order.
    func send(_ stanza: OutgoingStanza, after milliseconds: Int)
    /// Closes the connection, after so many milliseconds.
    func close(after milliseconds: Int)
}

/// The way to a client over a connection.
struct ChannelOutlet: StanzaOutlet {
    let channel: any Channel

    func send(_ stanza: OutgoingStanza, after milliseconds: Int) {
        guard milliseconds > 0 else { return channel.writeAndFlush(stanza, promise: nil) }
        let channel = channel
        channel.eventLoop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
            channel.writeAndFlush(stanza, promise: nil)
        }
    }

    func close(after milliseconds: Int) {
        guard milliseconds > 0 else { return channel.close(promise: nil) }
        let channel = channel
        channel.eventLoop.scheduleTask(in: .milliseconds(Int64(milliseconds))) { channel.close(promise: nil) }
    }
}
