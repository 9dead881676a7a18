import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Brings files to the media servers and fetches them, encrypted on the way, in constant memory.
///
/// Every host is tried in turn, twice over; a refused connection is renewed once.
public struct MediaTransfer: Sendable {
    /// Bounds of a transfer.
    public struct Limits: Sendable {
        /// For one attempt at one host, until its answer begins.
        public var answer: Duration = .seconds(20)
        /// For one attempt at one host, until all is there.
        public var transfer: Duration = .seconds(600)
        /// Before all hosts are tried once more.
        public var pause: Duration = .seconds(1)
        /// How often all hosts are tried.
        public var rounds = 2

        public init() {}
    }

    /// An HTTP client that follows no redirects.
    let http: HTTPClient
    let connections: MediaConnections
    let addresses: MediaAddress
    let time: WebTime
    let random: @Sendable (Int) -> [UInt8]
    var limits = Limits()

    /// The site that requests say they come from, as those of WhatsApp's own web client do.
    static let origin = "https://web.whatsapp.com"

    init(
        http: HTTPClient, connections: MediaConnections, addresses: MediaAddress = MediaAddress(),
        time: WebTime = .system, random: @escaping @Sendable (Int) -> [UInt8], limits: Limits = Limits()
    ) {
        self.http = http
        self.connections = connections
        self.addresses = addresses
        self.time = time
        self.random = random
        self.limits = limits
    }

    func request(_ method: HTTPMethod, _ address: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: address)
        request.method = method
        request.headers.add(name: "origin", value: Self.origin)
        request.headers.add(name: "referer", value: Self.origin + "/")
        request.headers.add(name: "accept-encoding", value: "identity")
        return request
    }

    /// Tries every host in turn until one does what `attempt` wants.
    ///
    /// An error that another host cannot mend ends it. The last error is thrown.
    func tryHosts<Value: Sendable>(
        _ attempt: @escaping @Sendable (MediaConnection, String) async throws -> Value
    ) async throws(WebError) -> Value {
        var failure = WebError(.disconnected, "there is no media server")
        var refused: MediaConnection?
        for round in 0..<max(limits.rounds, 1) {
            if round > 0 { try await pause() }
            let connection = try await connection(replacing: refused)
            for host in connection.hosts {
                do {
                    return try await withDeadline(limits.transfer) { try await attempt(connection, host) }
                } catch {
                    failure = Self.failure(error)
                    if Task.isCancelled || failure.isFinal { throw failure }
                    // Not allowed: another host will say the same until there is a new connection.
                    if failure.code == .refused, failure.status == 401 || failure.status == 403 {
                        refused = connection
                        break
                    }
                }
            }
        }
        throw failure
    }

    private func connection(replacing refused: MediaConnection?) async throws(WebError) -> MediaConnection {
        do { return try await connections.connection(replacing: refused) } catch { throw Self.failure(error) }
    }

    private func pause() async throws(WebError) {
        do { try await time.sleep(limits.pause) } catch { throw Self.failure(error) }
    }

    /// The answer's head, if it is a success.
    /// - Throws: `WebError` with `mediaGone` or `refused`.
    func answer(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        let response = try await http.execute(request, timeout: TimeAmount(limits.answer))
        switch Int(response.status.code) {
        case 200..<300: return response
        case 403 where request.method == .GET, 404 where request.method == .GET, 410 where request.method == .GET:
            throw WebError(.mediaGone, status: Int(response.status.code), "the file is no longer on the media server")
        case let status: throw WebError(.refused, status: status, "the media server answered with HTTP \(status)")
        }
    }

    private func withDeadline<Value: Sendable>(
        _ duration: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await time.sleep(duration)
                return nil
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() ?? nil else {
                throw WebError(.timedOut, "a media server took longer than \(duration)")
            }
            return value
        }
    }

    private static func failure(_ error: any Error) -> WebError {
        if let error = error as? WebError { return error }
        if error is CancellationError { return WebError(.disconnected, "the transfer was cancelled") }
        if let error = error as? HTTPClientError {
            let isLate = [.readTimeout, .connectTimeout, .deadlineExceeded].contains(error)
            return WebError(isLate ? .timedOut : .disconnected, "the media server failed: \(error.shortDescription)")
        }
        return WebError(.disconnected, "the media server cannot be reached or broke the connection")
    }
}

extension WebError {
    /// Whether no other host can help.
    fileprivate var isFinal: Bool {
        [.mediaGone, .mediaDamaged, .tooLarge, .file, .invalid, .notLinked].contains(code)
    }
}
