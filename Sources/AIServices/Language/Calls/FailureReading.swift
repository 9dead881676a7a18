import BotKit

/// Says what a refused request means, the same for every vendor.
///
/// The rule of repetition is the one of OpenAI's own SDK (3.52.0): `x-should-retry` decides; otherwise 408, 409, 429
/// and everything from 500 are tried again.
struct FailureReading: Sendable {
    private static let noMoney = "insufficient_quota"

    let names: SettingNames

    /// Reads an answer whose status is not 200, or an error inside a stream (`status` is `nil`).
    func failure(status: Int?, error: ErrorAnswer?, shouldRetry: Bool? = nil, retryAfter: Duration? = nil)
        -> CallFailure
    {
        let status = status ?? error?.impliedStatus ?? 500
        var failure = classify(status, error, retryAfter)
        switch shouldRetry {
        case true where failure.word != Self.noMoney:
            failure.next = .again
            failure.retryAfter = retryAfter
        case false where failure.next == .again: failure.next = .otherEndpoint
        default: break
        }
        return failure
    }

    private func classify(_ status: Int, _ error: ErrorAnswer?, _ retryAfter: Duration?) -> CallFailure {
        if let error, let known = named(error, status: status) { return known }
        switch status {
        case 401, 403: return unauthorized
        case 402: return broke
        case 404 where error != nil: return noModel
        case 413: return tooLong
        case 300..<400, 404, 405:
            return .fault("bad_answer", "The address answers with status \(status): check \(names.address).")
        case 408, 409, 429, 500...:
            var failure = CallFailure.outage(
                "status_\(status)", "the server answered with status \(status)", retryAfter: retryAfter)
            failure.isRateLimit = status == 429
            return failure
        default:
            let words = error.map { $0.words.sorted().joined(separator: ", ") } ?? ""
            return .fault(
                "bad_request",
                "The server refused the request with status \(status)\(words.isEmpty ? "" : " (\(words.safeWords))"): "
                    + "check that \(names.model) fits the server at \(names.address).")
        }
    }

    private func named(_ error: ErrorAnswer, status: Int) -> CallFailure? {
        if error.has("insufficient_quota", "billing_not_active", "billing_hard_limit_reached", "billing_error")
            || error.says("credit balance is too low")
        {
            return broke
        }
        if error.has("invalid_api_key", "authentication_error") { return unauthorized }
        // A server in trouble may name anything: what is asked of it is tried again.
        guard status < 500 && status != 429 else { return nil }
        if error.has("model_not_found") { return noModel }
        guard (400..<500).contains(status), status != 429 else { return nil }
        if error.has("context_length_exceeded", "exceed_context_size_error", "request_too_large")
            || error.says("context length", "context window", "context size", "prompt is too long")
        {
            return tooLong
        }
        if error.has("content_policy_violation", "content_filter", "moderation_blocked") { return .declined }
        return nil
    }

    private var unauthorized: CallFailure {
        .fault("unauthorized", "The server refuses the key: check \(names.key).", next: .otherKey)
    }
    private var broke: CallFailure {
        .fault(
            Self.noMoney, "The account behind \(names.key) has no credit left: top it up with the vendor.",
            next: .otherKey)
    }
    private var noModel: CallFailure {
        .fault(ModelFault.noSuchModel, "The server has no such model: check \(names.model).")
    }
    private var tooLong: CallFailure {
        .fault(
            "context_too_long", "The conversation is longer than the model's window: send less of it.", next: .stop)
    }
}

/// The settings that an operator changes to mend an endpoint.
struct SettingNames: Sendable, Hashable {
    var key: String
    var address: String
    var model: String
}

extension ErrorAnswer {
    /// The status that an error inside a stream would have had.
    fileprivate var impliedStatus: Int? {
        if let number, (400..<600).contains(number) { return number }
        if has("rate_limit_exceeded", "rate_limit_error") { return 429 }
        if has("overloaded_error") { return 529 }
        if has("authentication_error", "permission_error") { return 401 }
        if has("not_found_error") { return 404 }
        if has("invalid_request_error", "context_length_exceeded", "content_filter") { return 400 }
        return nil
    }
}

extension String {
    /// Only what a code word is made of.
    fileprivate var safeWords: String {
        String(prefix(120).filter { $0.isASCII && ($0.isLetter || $0.isNumber || "_-., ".contains($0)) })
    }
}
