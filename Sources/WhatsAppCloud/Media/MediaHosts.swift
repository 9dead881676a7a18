import Foundation

/// The places that media links may lead to, and where our token may therefore go.
public struct MediaHosts: Sendable, Equatable {
    private static let hosts = ["graph.facebook.com"]
    private static let domains = [".fbsbx.com", ".fbcdn.net"]

    private let extraOrigins: Set<String>

    /// - Parameter extraOrigins: further places, each as scheme, host and port (`http://127.0.0.1:8080`); for tests and
    ///   emulators.
    public init(extraOrigins: Set<String> = []) {
        self.extraOrigins = Set(extraOrigins.map { $0.lowercased() })
    }

    /// Whether a link is `https` to a host of Meta's, without a user name and on the usual port; or to an extra origin.
    public func allows(_ link: String) -> Bool {
        // Only plain characters: what two parsers could read differently is not a link for us.
        guard link.utf8.count <= 4096, link.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C }),
            let url = URL(string: link), let scheme = url.scheme?.lowercased(), let host = url.host?.lowercased(),
            !host.isEmpty, url.user == nil, url.password == nil
        else { return false }
        let port = url.port.map { ":\($0)" } ?? ""
        if extraOrigins.contains("\(scheme)://\(host)\(port)") { return true }
        guard scheme == "https", url.port == nil || url.port == 443 else { return false }
        return Self.hosts.contains(host) || Self.domains.contains { host.hasSuffix($0) && host.count > $0.count }
    }
}
