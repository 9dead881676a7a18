public import AsyncHTTPClient
import Foundation
import NIOCore

/// Where and how a number of ours is reached.
public struct GraphConfiguration: Sendable {
    /// The version of the Graph API that the client was written against.
    public static let currentVersion = "v26.0"

    /// Which of our numbers sends.
    public let phoneNumberID: PhoneNumberID
    /// Scheme, host and port, such as `https://graph.facebook.com`.
    public let baseURL: String
    /// Such as `v26.0`; no call is made without one.
    public let version: String
    /// The longest time for one call, from its start to the last byte of its answer.
    public let timeout: Duration
    /// The longest time for moving one file.
    public let transferTimeout: Duration
    /// The longest answer, in bytes.
    public let answerBytes: Int
    /// The hosts that media links may lead to.
    public let mediaHosts: MediaHosts

    /// - Parameters:
    ///   - allowsPlainHTTP: lets `baseURL` be `http` on a host that is not this machine; for emulators only.
    /// - Throws: `GraphError` with `.invalidConfiguration`, naming the setting.
    public init(
        phoneNumberID: PhoneNumberID, baseURL: String = "https://graph.facebook.com",
        version: String = GraphConfiguration.currentVersion, timeout: Duration = .seconds(30),
        transferTimeout: Duration = .seconds(300), answerBytes: Int = 1 << 20, mediaHosts: MediaHosts = MediaHosts(),
        allowsPlainHTTP: Bool = false
    ) throws(GraphError) {
        try Self.check(
            GraphRequest.isSafe(phoneNumberID.rawValue), "phone number id must be 1...256 letters, digits, _ or -")
        let url = URL(string: baseURL)
        let isLocal = ["127.0.0.1", "localhost", "::1", "[::1]"].contains(url?.host ?? "")
        let isPlain = url?.scheme == "http" && (isLocal || allowsPlainHTTP)
        try Self.check(url?.scheme == "https" || isPlain, "Graph base URL must begin with https://")
        let isBare = ["", "/"].contains(url?.path ?? "") && url?.query == nil && url?.user == nil
        try Self.check(url?.host?.isEmpty == false && isBare, "Graph base URL must be scheme, host and port only")
        let digits = version.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        let isVersion = version.hasPrefix("v") && digits.count == 2 && digits.allSatisfy { Int($0) != nil }
        try Self.check(isVersion, "Graph version must look like \(Self.currentVersion)")
        let isInTime = timeout >= .milliseconds(1) && timeout <= .seconds(600)
        try Self.check(isInTime, "Graph timeout must be 1 ms to 600 s")
        let isTransferInTime = transferTimeout >= .milliseconds(1) && transferTimeout <= .seconds(3600)
        try Self.check(isTransferInTime, "Graph transfer timeout must be 1 ms to 3600 s")
        try Self.check((1024...(64 << 20)).contains(answerBytes), "Graph answer limit must be 1 KiB to 64 MiB")
        self.phoneNumberID = phoneNumberID
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.version = version
        self.timeout = timeout
        self.transferTimeout = transferTimeout
        self.answerBytes = answerBytes
        self.mediaHosts = mediaHosts
    }

    /// The settings that the `HTTPClient` given to a `GraphClient` must have: no redirects, connecting within 5 s, no
    /// second attempt at connecting behind our back, and no decompression, so that a byte on the wire is a byte.
    public static var httpClient: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5)))
        configuration.connectionPool.retryConnectionEstablishment = false
        // Meta speaks HTTP/2 over one connection; a proxy or emulator may not, and must not hold up what paces let go.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
        return configuration
    }

    private static func check(_ isFine: Bool, _ rule: String) throws(GraphError) {
        guard isFine else { throw GraphError(.invalidConfiguration, rule) }
    }
}
