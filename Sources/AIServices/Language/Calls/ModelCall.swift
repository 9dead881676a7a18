import AsyncHTTPClient
import BotKit
import Foundation
import Logging
import NIOCore
import NIOHTTP1

/// Makes one attempt at one endpoint with one key.
struct ModelCall: Sendable {
    let endpoint: ModelEndpoint
    let dialect: any ChatDialect
    let http: HTTPClient
    let accounting: UsageAccounting
    let logger: Logger

    /// - Throws: `CallFailure`; `CancellationError` at once when the task is cancelled.
    func reply(to request: ModelRequest, key: String?, within total: Duration) async throws -> ModelReply {
        let httpRequest = try dialect.httpRequest(for: request, to: endpoint, key: key)
        let watchdog = Watchdog(
            total: min(total, endpoint.limits.total), silence: endpoint.limits.silence, loop: http.eventLoopGroup.any())
        do {
            let answer = try await watchdog.run { try await exchange(httpRequest, $0) }
            return accounting.reply(answer, to: request, from: endpoint)
        } catch let failure as CallFailure {
            throw failure
        } catch let expiry as Watchdog.Expiry {
            throw expired(expiry, isAttempt: endpoint.limits.total < total)
        } catch is ServerSentEvents.Excess {
            throw Self.tooLarge
        } catch {
            if Task.isCancelled || error is CancellationError { throw CancellationError() }
            let problem = ConnectionProblem(error)
            throw CallFailure.outage(
                problem.kind.rawValue,
                "the connection failed (\(problem.words)). \(problem.remedy(endpoint.names.address))")
        }
    }

    /// The same call for another model of the same server.
    /// - Parameter model: its name or alias.
    func asking(_ model: String, at now: Date) -> ModelCall {
        ModelCall(
            endpoint: endpoint.asking(model, at: now), dialect: dialect, http: http, accounting: accounting,
            logger: logger)
    }

    private func exchange(_ request: HTTPClientRequest, _ pulse: Pulse) async throws -> GatheredAnswer {
        let response = try await http.execute(request, deadline: .distantFuture)
        pulse.beat()
        guard response.status == .ok else { throw try await failure(response, pulse) }
        var reader = dialect.makeReader(for: endpoint)
        var events = ServerSentEvents(limits: endpoint.limits.events)
        var body: [UInt8] = []
        var form = AnswerForm(contentType: response.headers.first(name: "content-type"))
        var chunks = response.body.makeAsyncIterator()
        reading: while let chunk = try await chunks.next() {
            pulse.beat()
            if form == .unknown { form = AnswerForm(firstBytes: chunk.readableBytesView) }
            switch form {
            case .unknown: continue
            case .other: throw notOurs("something that is neither JSON nor an event stream")
            case .stream:
                for event in try events.read(chunk.readableBytesView) where try reader.read(event) {
                    pulse.finish(within: .milliseconds(500))
                    // The rest of the body is read so that the connection can be used again.
                    while (try? await chunks.next()) != nil {}
                    break reading
                }
            case .json:
                guard body.count + chunk.readableBytes <= endpoint.limits.bodyBytes else { throw Self.tooLarge }
                body.append(contentsOf: chunk.readableBytesView)
            }
        }
        if form == .json { try reader.read(body: body) }
        return try reader.answer()
    }

    private func failure(_ response: HTTPClientResponse, _ pulse: Pulse) async throws -> CallFailure {
        var body: [UInt8] = []
        for try await chunk in response.body {
            pulse.beat()
            body.append(contentsOf: chunk.readableBytesView.prefix(endpoint.limits.errorBodyBytes - body.count))
            if body.count >= endpoint.limits.errorBodyBytes { break }
        }
        let status = Int(response.status.code)
        var logger = logger
        logger[metadataKey: "status"] = "\(status)"
        if let id = response.headers.first(name: "x-request-id") ?? response.headers.first(name: "request-id") {
            logger[metadataKey: "request_id"] = "\(String(id.prefix(80).filter { $0.isASCII && !$0.isNewline }))"
        }
        logger.info("The model server refused a request")
        return FailureReading(names: endpoint.names).failure(
            status: status, error: ErrorAnswer(body), shouldRetry: response.headers.shouldRetry,
            retryAfter: RetryRule.wait(askedBy: response.headers, at: accounting.time.now))
    }

    /// - Parameter isAttempt: whether it was the time of this attempt that ran out; otherwise that of all is over.
    private func expired(_ expiry: Watchdog.Expiry, isAttempt: Bool) -> CallFailure {
        var failure: CallFailure =
            switch expiry {
            case .silence: .outage("silence", "the server was silent for \(endpoint.limits.silence)")
            case .total:
                .outage("deadline", "no whole answer came in time", next: isAttempt ? .again : .otherEndpoint)
            }
        failure.isSlow = true
        return failure
    }

    private func notOurs(_ what: String) -> CallFailure {
        .fault("bad_answer", "The server sends \(what): check \(endpoint.names.address).")
    }

    static let tooLarge = CallFailure.outage(
        "too_large", "the server sent more than an answer may hold", next: .otherEndpoint)
}

/// How an answer with status 200 is written.
private enum AnswerForm: Equatable {
    case unknown, stream, json, other

    init(contentType: String?) {
        let type = (contentType ?? "").lowercased()
        self =
            if type.contains("event-stream") { .stream } else if type.contains("json") {
                .json
            } else if type.contains(
                "html")
            {
                .other
            } else { .unknown }
    }

    /// Looks at the first byte that is no white space, for servers that name no type or a wrong one.
    init(firstBytes: ByteBufferView) {
        switch firstBytes.first(where: { $0 > 0x20 }) {
        case nil: self = .unknown
        case UInt8(ascii: "{"): self = .json
        case UInt8(ascii: "d"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "r"), UInt8(ascii: ":"), 0xEF:
            self = .stream
        default: self = .other
        }
    }
}

extension HTTPHeaders {
    /// `x-should-retry`, when it says yes or no.
    fileprivate var shouldRetry: Bool? {
        switch first(name: "x-should-retry")?.lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }
}
