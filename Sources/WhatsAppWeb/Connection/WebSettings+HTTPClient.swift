import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL

extension WebSettings {
    /// An HTTP client: through the proxy that is set, with the certificates that are to be trusted. It must be shut
    /// down.
    /// - Throws: `WebError` with `invalid`.
    func makeHTTPClient(
        redirects: HTTPClient.Configuration.RedirectConfiguration
    ) throws(WebError) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: redirects, timeout: .init(connect: .seconds(10), read: .seconds(60)))
        if let path = trustedCertificates {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(path)
            configuration.tlsConfiguration = tls
        }
        if let proxy {
            let end = try WebSocketConnector.endpoint(of: proxy)
            if proxy.scheme == "http" {
                let authorization = proxy.user(percentEncoded: false).map { user in
                    HTTPClient.Authorization.basic(
                        username: user, password: proxy.password(percentEncoded: false) ?? "")
                }
                configuration.proxy = .server(host: end.host, port: end.port, authorization: authorization)
            } else {
                configuration.proxy = .socksServer(host: end.host, port: end.port)
            }
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
