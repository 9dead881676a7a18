import Foundation
import Glibc
import Logging
import Testing
import WhatsAppWire

@testable import WhatsAppEmulator
@testable import WhatsAppWeb

/// A client whose way to the servers is a proxy.
@Suite(.timeLimit(.minutes(15))) struct WebProxyTests {
    private static func address(_ scheme: String, _ port: Int, credentials: String? = nil) throws -> URL {
        try #require(URL(string: "\(scheme)://\(credentials.map { "\($0)@" } ?? "")127.0.0.1:\(port)"))
    }

    private static func settings(_ stage: WebStage, through proxy: URL) throws -> WebSettings {
        let server = try #require(URL(string: "ws://127.0.0.1:\(stage.ports.plain)/ws/chat"))
        return WebSettings(server: server, root: stage.emulator.rootKey, proxy: proxy)
    }

    @Test(
        arguments: [
            (.http(credentials: nil), "http", nil), (.http(credentials: "dana:p@ss"), "http", "dana:p%40ss"),
            (.socks5, "socks5", nil),
        ] as [(TestProxy.Manner, String, String?)])
    func `a client links and talks through a proxy`(
        _ manner: TestProxy.Manner, _ scheme: String, _ credentials: String?
    ) async throws {
        try await WebStage.open { stage in
            try await TestProxy.serving(manner) { proxy, port in
                let way = try Self.address(scheme, port, credentials: credentials)
                try await WebPeer.linked(to: stage, as: WebPeer.dana, through: way) { dana in
                    try await dana.client.send(OutgoingMessage(.text("through it")), to: .phoneNumber(WebPeer.omer))
                    try await stage.until("the text") { try await stage.texts(of: WebPeer.omer).contains("through it") }
                    try await stage.post(
                        "/phone/send",
                        ["account": .string(WebPeer.omer), "to": .string(WebPeer.dana), "text": "and back"])
                    try await dana.text("and back")
                }
                // To be linked, and to log in.
                let server = "127.0.0.1:\(stage.ports.plain)"
                #expect(proxy.connected.count >= 2 && proxy.connected.allSatisfy { $0 == server })
            }
        }
    }

    @Test func `a client goes through a proxy over TLS`() async throws {
        try await WebStage.open { configuration in
            configuration.tlsPort = 0
        } _: { stage in
            let file = FileManager.default.temporaryDirectory.appending(path: "ca-\(UUID().uuidString).pem")
            defer { try? FileManager.default.removeItem(at: file) }
            try Data(stage.emulator.certificateAuthority.utf8).write(to: file)
            for (manner, scheme) in [(TestProxy.Manner.http(credentials: nil), "http"), (.socks5, "socks5")] {
                try await TestProxy.serving(manner) { proxy, port in
                    let way = try Self.address(scheme, port)
                    try await WebPeer.linked(to: stage, as: WebPeer.dana, trusting: file, through: way) { dana in
                        #expect(dana.heard.online == 1)
                    }
                    #expect(proxy.connected.allSatisfy { $0 == "localhost:\(stage.ports.tls ?? 0)" })
                }
            }
        }
    }

    @Test(
        arguments: [
            (.http(credentials: "dana:secret"), "http", nil, 407, "user name and a password"),
            (.http(credentials: "dana:secret"), "http", "dana:wrong", 407, "user name and a password"),
            (.httpStatus(502), "http", nil, 502, "status 502"), (.httpStatus(403), "http", nil, 403, "status 403"),
            (.closes, "http", nil, nil, "does not connect"), (.closes, "socks5", nil, nil, "does not connect"),
            (.socks5Code(2), "socks5", nil, 2, "its rules forbid it"),
            (.socks5Code(5), "socks5", nil, 5, "the host refuses"),
            (.socks5Password, "socks5", nil, nil, "wants a password"),
        ] as [(TestProxy.Manner, String, String?, Int?, String)])
    func `a proxy that does not connect is named as the reason`(
        _ manner: TestProxy.Manner, _ scheme: String, _ credentials: String?, _ status: Int?, _ reason: String
    ) async throws {
        try await WebStage.open { stage in
            try await TestProxy.serving(manner) { proxy, port in
                let way = try Self.address(scheme, port, credentials: credentials)
                let error = await #expect(throws: WebError.self) {
                    _ = try await WebSocketConnector(Self.settings(stage, through: way)).connect()
                }
                #expect(error?.code == .proxy && error?.status == status)
                #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
                #expect(error?.message.contains("wrong") == false)
                #expect(proxy.connected.isEmpty)
            }
        }
    }

    @Test func `a proxy that is not there is named as the reason`() async throws {
        try await WebStage.open { stage in
            // A port that is taken, by somebody who does not listen.
            let taken = try SilentPort()
            defer { taken.close() }
            let way = try Self.address("http", taken.number)
            let error = await #expect(throws: WebError.self) {
                _ = try await WebSocketConnector(Self.settings(stage, through: way)).connect()
            }
            #expect(error?.code == .proxy && error?.message.contains("cannot be reached") == true)
        }
    }

    @Test func `the operator hears why the proxy does not connect`() async throws {
        try await WebStage.open { stage in
            try await TestProxy.serving(.httpStatus(502)) { _, port in
                let client = WebClient(
                    settings: try Self.settings(stage, through: try Self.address("http", port)), store: MemoryStore(),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
                let end = try await WebBadLuckTests.run(client) { WebBadLuckTests.reason($0)?.contains("502") == true }
                #expect(end == nil)
            }
        }
    }
}

/// A port of this machine at which nobody listens, and nobody else can.
private struct SilentPort {
    let number: Int
    private let socket: Int32

    init() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = socket
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(isBound)
        number = Int(UInt16(bigEndian: address.sin_port))
    }

    func close() { Glibc.close(socket) }
}
