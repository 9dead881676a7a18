import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// HTTP/1 connections of a server that may be cancelled at any moment.
///
/// Hummingbird's own channel wraps a connection when it is accepted. One that is accepted while the server is cancelled
/// gets dropped unserved, and NIO ends the process over a wrapper that nobody finished. Here a connection is wrapped
/// when it is served, and nothing is read before; one that is dropped just closes.
struct DeferredHTTPChannel: ServerChildChannel {
    /// An accepted connection that is not served yet.
    final class Connection: ServerChildChannelValue {
        let channel: any Channel
        /// Whether the pipeline is gone, so that nothing may be added to it; read on the channel's event loop only.
        let isClosed: NIOLoopBoundBox<Bool>

        init(_ channel: any Channel) {
            self.channel = channel
            let isClosed = NIOLoopBoundBox(false, eventLoop: channel.eventLoop)
            self.isClosed = isClosed
            channel.closeFuture.whenComplete { _ in isClosed.value = true }
        }

        deinit { channel.close(promise: nil) }
    }

    private let served: HTTP1Channel

    /// What Hummingbird's `Application` builds its server with.
    static let builder = HTTPServerBuilder { DeferredHTTPChannel(served: HTTP1Channel(responder: $0)) }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            try channel.syncOptions?.setOption(.autoRead, value: false)
            return Connection(channel)
        }
    }

    func handle(value connection: Connection, logger: Logger) async {
        let channel = connection.channel
        let isClosed = connection.isClosed
        let wrapping = channel.eventLoop.flatSubmit { () -> EventLoopFuture<HTTP1Channel.Value> in
            guard !isClosed.value else { return channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel) }
            let wrapped = served.setup(channel: channel, logger: logger)
            // Failing means that the connection closes now, which the wrapper tells whoever serves it.
            try? channel.syncOptions?.setOption(.autoRead, value: true)
            return wrapped
        }
        guard let wrapped = try? await wrapping.get() else { return }
        await served.handle(value: wrapped, logger: logger)
        // Served and closed by now; this use also keeps `connection`, whose end closes the channel, until here.
        connection.channel.close(promise: nil)
    }
}
