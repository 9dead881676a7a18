import AsyncHTTPClient
import Foundation
import NIOCore

/// Why no connection to a model server came about, or why it broke, in words for the operator; never an address.
struct ConnectionProblem: Error, Equatable {
    /// The kinds, as closed words for logs.
    enum Kind: String, Sendable {
        case refused = "connection_refused"
        case unknownHost = "unknown_host"
        case noNameServer = "no_name_server"
        case timedOut = "connection_timed_out"
        case unreachable = "network_unreachable"
        case certificate = "tls_certificate"
        case noTLS = "tls_not_spoken"
        case tls = "tls_failed"
        case broken = "connection_broken"
        case tooManyFiles = "too_many_files"
        case other = "connection_failed"
    }

    let kind: Kind
    /// What happened, such as `connection refused`.
    let words: String

    private init(_ kind: Kind, _ words: String) {
        self.kind = kind
        self.words = words
    }

    /// What to do about it.
    /// - Parameter setting: the name of the setting with the server's address.
    func remedy(_ setting: String) -> String {
        switch kind {
        case .refused: "Nothing listens there: start the model server, or correct host and port in \(setting)."
        case .unknownHost: "Correct the host in \(setting)."
        case .noNameServer:
            "Check this machine's network and its DNS servers, or write a numeric address in \(setting)."
        case .timedOut: "Check that the model server runs, that no firewall is between, and \(setting)."
        case .unreachable: "Check this machine's network, and the host in \(setting)."
        case .certificate:
            "Install the authority of that certificate on this machine, or correct the host in \(setting)."
        case .noTLS: "Write http:// instead of https:// in \(setting), or correct its port."
        case .tls: "Check that \(setting) names a server with a current TLS version."
        case .broken, .other: "Check that the model server runs, and \(setting)."
        case .tooManyFiles: "Raise the limit on open files (ulimit -n, or LimitNOFILE of the service)."
        }
    }
}

extension ConnectionProblem {
    /// Reads any error of the HTTP client, and those that are wrapped in it.
    init(_ error: any Error) {
        let found = Self.errors(in: error, depth: 4).map(Self.reading)
        // A host has several addresses; what the nearest one to an answer said tells most.
        let order: [Kind] = [
            .certificate, .noTLS, .tls, .refused, .timedOut, .tooManyFiles, .broken, .unreachable, .unknownHost,
            .noNameServer,
        ]
        self =
            order.lazy.compactMap { kind in found.first { $0?.kind == kind } }.first.flatMap(\.self)
            ?? found.lazy.compactMap(\.self).first ?? Self(.other, "\(type(of: error))")
    }

    /// The error and those inside it: a connection by name fails with one for every address and both kinds of lookup.
    private static func errors(in value: Any, depth: Int) -> [any Error] {
        let own = (value as? any Error).map { [$0] } ?? []
        guard depth > 0 else { return own }
        return own + Mirror(reflecting: value).children.prefix(16).flatMap { errors(in: $0.value, depth: depth - 1) }
    }

    private static func reading(_ error: any Error) -> ConnectionProblem? {
        switch error {
        case let error as IOError: system(error.errnoCode)
        case let error as SocketAddressError.UnknownHost:
            error.errorCode == Int(EAI_AGAIN)
                ? Self(.noNameServer, "the name of the host could not be looked up")
                : Self(.unknownHost, "no such host")
        case ChannelError.connectTimeout: Self(.timedOut, "timed out")
        case let error as HTTPClientError: client(error)
        default: String(reflecting: type(of: error)).hasPrefix("NIOSSL.") ? tls("\(error)") : nil
        }
    }

    private static func system(_ number: CInt) -> ConnectionProblem {
        switch number {
        case ECONNREFUSED: Self(.refused, "connection refused")
        case ETIMEDOUT: Self(.timedOut, "timed out")
        case EHOSTUNREACH, ENETUNREACH, ENETDOWN, EADDRNOTAVAIL: Self(.unreachable, "the network does not lead there")
        case ECONNRESET, EPIPE, ECONNABORTED: Self(.broken, "the server cut the connection")
        case EMFILE, ENFILE: Self(.tooManyFiles, "too many open files")
        default: Self(.other, String(cString: strerror(number)).lowercased())
        }
    }

    private static func client(_ error: HTTPClientError) -> ConnectionProblem {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout, .deadlineExceeded: Self(.timedOut, "timed out")
        case .tlsHandshakeTimeout: Self(.tls, "the TLS handshake timed out")
        case .remoteConnectionClosed: Self(.broken, "the server cut the connection")
        default: Self(.other, error.shortDescription.lowercased())
        }
    }

    /// - Parameter text: the description of the library's error; it is only searched, never shown.
    private static func tls(_ text: String) -> ConnectionProblem {
        if text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("alidat") {
            Self(.certificate, "TLS: the server's certificate is not trusted, or is for another name")
        } else if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            Self(.noTLS, "TLS: the server does not speak it")
        } else {
            Self(.tls, "TLS: the handshake failed")
        }
    }
}
