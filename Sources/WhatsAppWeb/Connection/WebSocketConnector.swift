import Foundation
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import NIOSOCKS
import NIOSSL
import NIOWebSocket

/// Opens WebSocket connections to the server, through a proxy where one is set.
struct WebSocketConnector: Sendable {
    /// A connection whose frames come as they are; texts, pings and pieces are the reader's business.
    typealias Channel = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

    /// No frame of the protocol is larger; neither may one of the WebSocket be.
    static let largestFrame = (1 << 24) + 64

    let server: URL
    let proxy: URL?
    let trustedCertificates: String?
    /// How long everything up to the open WebSocket may take.
    var limit = Duration.seconds(20)

    init(_ settings: WebSettings) {
        server = settings.server
        proxy = settings.proxy
        trustedCertificates = settings.trustedCertificates
    }

    /// - Throws: `WebError` with `invalid` for a wrong address or certificate file, with `proxy` when the proxy is the
    ///   reason, or what the network gives.
    func connect() async throws -> Channel {
        guard let host = server.host, ["ws", "wss"].contains(server.scheme) else {
            throw WebError(.invalid, "the server's address must look like wss://host/path")
        }
        let isSecure = server.scheme == "wss"
        let port = server.port ?? (isSecure ? 443 : 80)
        let secure = try isSecure ? secureContext() : nil
        let first: (host: String, port: Int) = try proxy.map { try Self.endpoint(of: $0) } ?? (host, port)
        let channel = try await open(first.host, first.port)
        // Closing it ends whichever step is waiting.
        let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        do {
            return try await withTaskCancellationHandler {
                try await passProxy(channel, to: host, port: port)
                if let secure { try await startTLS(channel, secure, host: host) }
                return try await upgrade(channel, host: host, port: port)
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch {
            channel.close(promise: nil)
            throw error
        }
    }

    // MARK: - Steps

    private func open(_ host: String, _ port: Int) async throws -> any NIOCore.Channel {
        do {
            return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(.seconds(10))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .connect(host: host, port: port).get()
        } catch {
            throw proxy == nil ? error : WebError(.proxy, "the proxy cannot be reached (\(type(of: error)))")
        }
    }

    private func passProxy(_ channel: any NIOCore.Channel, to host: String, port: Int) async throws {
        guard let proxy else { return }
        do {
            if proxy.scheme == "http" {
                try await passHTTPProxy(channel, proxy, to: host, port: port)
            } else {
                try await passSOCKSProxy(channel, to: host, port: port)
            }
        } catch {
            throw WebError(proxy: error)
        }
    }

    private func passSOCKSProxy(_ channel: any NIOCore.Channel, to host: String, port: Int) async throws {
        let established = channel.eventLoop.makePromise(of: Void.self)
        try await channel.eventLoop.submit {
            let handlers = channel.pipeline.syncOperations
            do {
                try handlers.addHandler(SOCKSClientHandler(targetAddress: .domain(host, port: port)))
                try handlers.addHandler(ProxyWatcher(established))
            } catch { established.fail(error) }
        }.get()
        try await established.futureResult.get()
    }

    private func passHTTPProxy(
        _ channel: any NIOCore.Channel, _ proxy: URL, to host: String, port: Int
    ) async throws {
        var headers = HTTPHeaders()
        if let user = proxy.user(percentEncoded: false) {
            let pair = "\(user):\(proxy.password(percentEncoded: false) ?? "")"
            headers.add(name: "Proxy-Authorization", value: "Basic " + Data(pair.utf8).base64EncodedString())
        }
        let promise = channel.eventLoop.makePromise(of: Void.self)
        let limit = NIODeadline.now() + TimeAmount(self.limit)
        try await channel.eventLoop.submit { [headers] in
            let handlers = channel.pipeline.syncOperations
            let decoder = HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes)
            // They cannot be added to a connection that has ended; nobody must wait for them then.
            do {
                try handlers.addHandler(HTTPRequestEncoder(), name: "proxy-encoder")
                try handlers.addHandler(ByteToMessageHandler(decoder), name: "proxy-decoder")
                try handlers.addHandler(ProxyRefusal(promise), name: "proxy-refusal")
                try handlers.addHandler(
                    NIOHTTP1ProxyConnectHandler(
                        targetHost: host, targetPort: port, headers: headers, deadline: limit, promise: promise),
                    name: "proxy")
            } catch { promise.fail(error) }
        }.get()
        try await promise.futureResult.get()
        // The connect handler removes itself; what spoke HTTP to the proxy must go before others speak.
        try await channel.pipeline.removeHandler(name: "proxy-refusal").get()
        try await channel.pipeline.removeHandler(name: "proxy-decoder").get()
        try await channel.pipeline.removeHandler(name: "proxy-encoder").get()
    }

    private func startTLS(_ channel: any NIOCore.Channel, _ context: NIOSSLContext, host: String) async throws {
        try await channel.eventLoop.submit {
            let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
            try channel.pipeline.syncOperations.addHandler(
                NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host))
        }.get()
    }

    private func upgrade(_ channel: any NIOCore.Channel, host: String, port: Int) async throws -> Channel {
        let upgrader = NIOTypedWebSocketClientUpgrader<Channel>(maxFrameSize: Self.largestFrame) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try Channel(wrappingChannelSynchronously: channel)
            }
        }
        var headers = HTTPHeaders()
        let standard = server.scheme == "wss" ? 443 : 80
        headers.add(name: "Host", value: port == standard ? host : "\(host):\(port)")
        headers.add(name: "Origin", value: "https://web.whatsapp.com")
        headers.add(name: "Content-Length", value: "0")
        var path = server.path(percentEncoded: true)
        if path.isEmpty { path = "/" }
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: headers)
        let future = try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                configuration: .init(
                    upgradeConfiguration: NIOTypedHTTPClientUpgradeConfiguration(
                        upgradeRequestHead: head, upgraders: [upgrader],
                        notUpgradingCompletionHandler: { channel in
                            channel.eventLoop.makeFailedFuture(
                                WebError(.refused, "the server does not speak WebSocket at this address"))
                        })))
        }.get()
        return try await future.get()
    }

    // MARK: - Settings

    private func secureContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let trustedCertificates {
            guard let certificates = try? NIOSSLCertificate.fromPEMFile(trustedCertificates), !certificates.isEmpty
            else {
                throw WebError(.invalid, "the file of trusted certificates cannot be read or has none in it (PEM)")
            }
            configuration.trustRoots = .certificates(certificates)
        }
        return try NIOSSLContext(configuration: configuration)
    }

    /// - Throws: `WebError` with `invalid`.
    static func endpoint(of proxy: URL) throws(WebError) -> (host: String, port: Int) {
        guard let host = proxy.host, !host.isEmpty else {
            throw WebError(.invalid, "a proxy looks like http://host:port or socks5://host:port")
        }
        switch proxy.scheme {
        case "http": return (host, proxy.port ?? 3128)
        case "socks5":
            guard proxy.user(percentEncoded: false) == nil else {
                // Neither NIOSOCKS nor AsyncHTTPClient knows RFC 1929.
                throw WebError(.invalid, "a SOCKS5 proxy with a password is not supported; use an HTTP proxy")
            }
            return (host, proxy.port ?? 1080)
        default: throw WebError(.invalid, "a proxy looks like http://host:port or socks5://host:port")
        }
    }
}

/// Keeps the status of an HTTP proxy that does not connect us, which the handler behind it does not tell.
private final class ProxyRefusal: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    private let promise: EventLoopPromise<Void>

    init(_ promise: EventLoopPromise<Void>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data), !(200..<300).contains(head.status.code) {
            promise.fail(WebError(proxyStatus: Int(head.status.code)))
        }
        context.fireChannelRead(data)
    }
}

/// Waits until the SOCKS proxy has connected us.
private final class ProxyWatcher: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    private var promise: EventLoopPromise<Void>?

    init(_ promise: EventLoopPromise<Void>) { self.promise = promise }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is SOCKSProxyEstablishedEvent else { return context.fireUserInboundEventTriggered(event) }
        promise?.succeed()
        promise = nil
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise?.fail(error)
        promise = nil
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        failAsClosed()
        context.fireChannelInactive()
    }

    /// Also when it was added to a connection that had ended.
    func handlerRemoved(context: ChannelHandlerContext) { failAsClosed() }

    private func failAsClosed() {
        promise?.fail(WebError(.proxy, "the proxy does not connect to WhatsApp: it closed the connection"))
        promise = nil
    }
}
