import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// An answer had more bytes than allowed.
struct AnswerTooLong: Error {
    let limit: Int
}

/// The bytes of an answer, not yet understood.
struct RawAnswer: Sendable {
    let status: Int
    let retryAfter: RetryAfter?
    let wasRedirected: Bool
    let bytes: [UInt8]

    init(_ response: HTTPClientResponse, limit: Int) async throws {
        status = Int(response.status.code)
        retryAfter = response.headers.first(name: "retry-after").flatMap { RetryAfter($0) }
        wasRedirected = response.history.count > 1
        var bytes: [UInt8] = []
        for try await chunk in response.body {
            guard bytes.count + chunk.readableBytes <= limit else { throw AnswerTooLong(limit: limit) }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        self.bytes = bytes
    }

    /// Tells a result from Meta's errors, and both from what something else on the way wrote.
    func read(
        _ operation: String, _ progress: CallProgress, readsErrors: Bool = false
    ) throws(GraphError) -> GraphAnswer {
        if wasRedirected || (300..<400).contains(status) {
            var failure = GraphError(.redirected, "\(operation): the answer is a redirect (HTTP \(status))")
            failure.status = status
            failure.mayHaveBeenAccepted = wasRedirected
            throw failure
        }
        let json = try? JSON(parsing: bytes, limits: JSONLimits(depth: 64, values: 200_000))
        if let json, let reported = GraphError.Reported(json["error"]) {
            let failure = refusal(operation, reported, progress)
            guard readsErrors else { throw failure }
            return GraphAnswer(status: status, json: json, failure: failure)
        }
        guard (200..<300).contains(status) else {
            var failure = GraphError(.refused, "\(operation): HTTP \(status) without an error of Meta's")
            failure.status = status
            failure.retryAfter = retryAfter
            failure.mayHaveBeenAccepted = progress.mayHaveBeenAccepted
            throw failure
        }
        guard let json, json.isObject || json.isArray else {
            throw unreadable(operation, "HTTP \(status), and no JSON", progress)
        }
        return GraphAnswer(status: status, json: json)
    }

    private func unreadable(_ operation: String, _ what: String, _ progress: CallProgress) -> GraphError {
        var failure = GraphError(.unreadableAnswer, "\(operation): \(what)")
        failure.status = status
        failure.mayHaveBeenAccepted = progress.mayHaveBeenAccepted
        return failure
    }

    private func refusal(
        _ operation: String, _ reported: GraphError.Reported, _ progress: CallProgress
    ) -> GraphError {
        let trace = reported.traceID.map { ", trace \($0)" } ?? ""
        let subcode = reported.subcode.map { ".\($0)" } ?? ""
        var failure = GraphError(
            .refused, "\(operation): Graph code \(reported.code)\(subcode) (HTTP \(status))\(trace)")
        failure.status = status
        failure.reported = reported
        failure.retryAfter = retryAfter
        // An error inside a 2xx is a partial success, as groups give it. One without a code may be a gateway's.
        failure.mayHaveBeenAccepted =
            (200..<300).contains(status) || (reported.code < 0 && progress.mayHaveBeenAccepted)
        return failure
    }
}

extension GraphError.Reported {
    init?(_ json: JSON?) {
        guard let json, json.isObject else { return nil }
        // An error without a code is one all the same; -1 is in no table.
        code = json["code"]?.integer ?? -1
        subcode = json["error_subcode"]?.integer
        type = json["type"]?.text
        message = json["message"]?.text
        details = json["error_data"]?["details"]?.text ?? json["error_user_msg"]?.text
        traceID = json["fbtrace_id"]?.text.flatMap { GraphRequest.isSafe($0) && $0.count <= 64 ? $0 : nil }
        isTransient = json["is_transient"]?.bool ?? false
    }
}
