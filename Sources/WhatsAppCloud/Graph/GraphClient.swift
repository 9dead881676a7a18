public import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Speaks to the Graph API for one number of ours.
///
/// Every call has a deadline, a limit for its answer, follows no redirect, and throws `GraphError`. Nothing is retried
/// here: whoever keeps the outbox decides, by `GraphError.remedy` and `mayHaveBeenAccepted`.
public struct GraphClient: Sendable {
    let http: HTTPClient
    let configuration: GraphConfiguration
    private let token: @Sendable () async throws -> String

    /// - Parameters:
    ///   - http: made with `GraphConfiguration.httpClient`.
    ///   - token: gives the system user's access token at every call, so that it can be renewed.
    public init(
        http: HTTPClient, configuration: GraphConfiguration, token: @escaping @Sendable () async throws -> String
    ) {
        self.http = http
        self.configuration = configuration
        self.token = token
    }

    var phoneNumberID: String { configuration.phoneNumberID.rawValue }

    /// Makes one call and reads its JSON answer.
    func call(_ request: GraphRequest) async throws(GraphError) -> GraphAnswer {
        let progress = CallProgress()
        let wire = try await wire(request, progress)
        let limit = configuration.answerBytes
        let isTransfer = if case .multipart = request.body { true } else { false }
        let timeout = isTransfer ? configuration.transferTimeout : configuration.timeout
        let http = http
        let answer: RawAnswer
        do {
            answer = try await withDeadline(timeout, on: http.eventLoopGroup.any()) {
                let response = try await http.execute(wire, timeout: TimeAmount(timeout))
                progress.received(status: Int(response.status.code))
                return try await RawAnswer(response, limit: limit)
            }
        } catch {
            throw Self.failure(request.operation, error, progress)
        }
        return try answer.read(request.operation, progress, readsErrors: request.readsErrors)
    }

    /// The header that proves who we are.
    func authorization(_ operation: String) async throws(GraphError) -> String {
        let token: String
        do { token = try await self.token() } catch {
            throw GraphError(.tokenUnavailable, "\(operation): the token provider failed", underlying: error)
        }
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw GraphError(.tokenUnavailable, "\(operation): the access token is empty or not printable ASCII")
        }
        return "Bearer \(token)"
    }

    private func wire(_ request: GraphRequest, _ progress: CallProgress) async throws(GraphError) -> HTTPClientRequest {
        var wire = HTTPClientRequest(url: try request.url(configuration))
        wire.method = request.method
        wire.headers.add(name: "authorization", value: try await authorization(request.operation))
        wire.headers.add(name: "accept", value: "application/json")
        switch request.body {
        case .none:
            // Without a body there is no telling when it went out.
            if request.method != .GET { progress.bodyWentOut() }
        case .json(let body):
            let bytes = body.encoded()
            wire.headers.add(name: "content-type", value: "application/json")
            wire.body = .stream(NotedBody(bytes: bytes, progress: progress), length: .known(Int64(bytes.count)))
        case .multipart(let file):
            wire.headers.add(name: "content-type", value: file.contentType)
            wire.body = .stream(file.noting(progress), length: .known(Int64(file.length)))
        }
        return wire
    }

    static func failure(_ operation: String, _ error: any Error, _ progress: CallProgress) -> GraphError {
        if let known = error as? GraphError { return known }
        let isLost = progress.mayHaveBeenAccepted
        var failure: GraphError
        if Task.isCancelled {
            failure = GraphError(.cancelled, "\(operation): our task was cancelled", underlying: error)
        } else if error is DeadlinePassed || timeouts.contains(where: { error as? HTTPClientError == $0 }) {
            failure = GraphError(.timedOut, "\(operation): no whole answer in time", underlying: error)
        } else if let limit = error as? AnswerTooLong {
            failure = GraphError(.answerTooLarge, "\(operation): the answer has more than \(limit.limit) bytes")
        } else if isLost || progress.status != nil {
            failure = GraphError(.connectionLost, "\(operation): the connection broke", underlying: error)
        } else {
            failure = GraphError(.connectionFailed, "\(operation): no connection came about", underlying: error)
        }
        failure.status = progress.status
        failure.mayHaveBeenAccepted = isLost
        return failure
    }

    private static let timeouts: [HTTPClientError] = [.deadlineExceeded, .readTimeout, .writeTimeout]
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
