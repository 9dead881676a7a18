import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// HTTP/1 connections of a server that may be cancelled at any moment.
///
/// Hummingbird's own channel wraps a connection when it is accepted. One that is accepted while the server is cancelled
/// gets dropped unserved, and NIO ends the process over a wrapper that nobody finished. Here a connection is wrapped when
/// it is served, and nothing is read before; one that is dropped just closes.
struct DeferredHTTPChannel: HTTPChannelHandler {
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

    let responder: HTTPChannelHandler.Responder

    /// A builder for Hummingbird's `Application`.
    static let builder = HTTPServerBuilder { DeferredHTTPChannel(responder: $0) }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            // As Hummingbird's own: it validates headers and answers errors itself.
            try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false)
            try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try channel.syncOptions?.setOption(.autoRead, value: false)
            return Connection(channel)
        }
    }

    func handle(value connection: Connection, logger: Logger) async {
        let channel = connection.channel
        let isClosed = connection.isClosed
        let wrapping = channel.eventLoop.submit { () -> NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>? in
            guard !isClosed.value else { return nil }
            let wrapped = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
            // Failing means that the connection closes now, which the wrapper tells whoever serves it.
            try? channel.syncOptions?.setOption(.autoRead, value: true)
            return wrapped
        }
        guard let wrapped = try? await wrapping.get() else { return }
        await handleHTTP(asyncChannel: wrapped, logger: logger)
    }
}
