import NIOSOCKS

extension WebError {
    /// What an HTTP proxy answers that does not connect us.
    init(proxyStatus status: Int) {
        let reason =
            status == 407
            ? "the proxy asks for a user name and a password, or does not take those in its address (407)"
            : "the proxy does not connect to WhatsApp: it answers with status \(status)"
        self.init(.proxy, status: status, reason)
    }

    /// Why a proxy does not connect us.
    init(proxy error: any Error) {
        switch error {
        case let error as WebError: self = error
        case let error as SOCKSError.ConnectionFailed:
            let code = Int(error.reply.value)
            self.init(
                .proxy, status: code,
                "the SOCKS5 proxy does not connect to WhatsApp: code \(code) (\(Self.meaning(of: error.reply)))")
        case is SOCKSError.NoValidAuthenticationMethod, is SOCKSError.InvalidAuthenticationSelection:
            self.init(.proxy, "the SOCKS5 proxy wants a password, which is not supported; use an HTTP proxy")
        default:
            self.init(.proxy, "the proxy does not connect to WhatsApp (\(type(of: error)))")
        }
    }

    private static func meaning(of reply: SOCKSServerReply) -> String {
        switch reply {
        case .notAllowed: "its rules forbid it"
        case .networkUnreachable: "the network is not reachable"
        case .hostUnreachable: "the host is not reachable"
        case .refused: "the host refuses"
        case .ttlExpired: "too many hops"
        case .commandUnsupported, .addressUnsupported: "it cannot do that"
        default: "it failed"
        }
    }
}
