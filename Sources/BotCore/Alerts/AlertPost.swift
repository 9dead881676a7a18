import BotKit
import Crypto
import Foundation
import Logging

/// An alert on its way to the operator's webhook.
struct AlertPost: Job {
    static let kind = "core.alert_post"

    /// The JSON, exactly as it is signed and sent.
    let body: String
    let createdAt: Date
    /// From when on it is of no use.
    let validUntil: Date
}

extension AlertPost {
    /// The fields of the JSON, in the order of the alphabet.
    private struct Form: Encodable {
        let count: Int
        let instance: String
        let kind: String
        let reference: String
        let state: String
        let text: String
        let time: String
    }

    /// - Parameter text: in one language, a line each.
    init(_ message: AlertMessage, saying text: String, from instance: String, validFor span: Duration) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let form = Form(
            count: message.suppressed + 1, instance: instance, kind: message.news.kind,
            reference: message.news.reference, state: message.news.isEnd ? "ended" : "raised", text: text,
            time: message.news.at.formatted(.iso8601))
        body = String(decoding: try encoder.encode(form), as: UTF8.self)
        createdAt = message.toldAt
        validUntil = span > .zero ? message.news.at.adding(span) : .distantFuture
    }

    /// The value of `X-Martlet-Signature-256`.
    static func signature(of body: [UInt8], with secret: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.utf8)))
        return "sha256=" + Hexadecimal.text(code)
    }
}

/// Posts alerts, again and again with growing waits until they are too old. That it fails is a line in the log and a
/// count, and never an alert: that one could not be posted either.
struct AlertPostHandler: JobHandler {
    let settings: AlertSettings
    /// `nil` where nothing can be posted.
    let poster: (any WebhookPoster)?
    let logger: Logger
    let concurrency = 1
    private let posts = LabelledCounter("alert_webhooks_total", by: "outcome")
    private static let firstWait = Duration.seconds(2)
    private static let longestWait = Duration.seconds(600)

    init(settings: AlertSettings, poster: (any WebhookPoster)?, logger: Logger) {
        self.settings = settings
        self.poster = poster
        self.logger = logger
    }

    func run(_ work: AlertPost, at time: Date) async throws -> JobOutcome {
        guard let address = settings.webhook, let poster else { return .done }
        guard time <= work.validUntil else { return giveUp("it is too old by now") }
        let body = Array(work.body.utf8)
        var headers = ["Content-Type": "application/json"]
        if let secret = settings.webhookSecret {
            headers["X-Martlet-Signature-256"] = AlertPost.signature(of: body, with: secret)
        }
        let status: Int
        do { status = try await poster.post(body, to: address, headers: headers) } catch is CancellationError {
            throw CancellationError()
        } catch {
            return again(work, at: time, because: error.safeDescription)
        }
        switch status {
        case 200..<300:
            posts.increment("sent")
            return .done
        case 300..<400: return giveUp("the address redirects (\(status)); set ALERT_WEBHOOK_URL to the final one")
        case 408, 425, 429, 500...: return again(work, at: time, because: "status \(status)")
        default: return giveUp("status \(status)")
        }
    }

    /// The wait doubles, because it is as long as what went before.
    private func again(_ work: AlertPost, at time: Date, because problem: String) -> JobOutcome {
        posts.increment("retried")
        logger.warning("an alert could not be posted and is tried again", metadata: ["problem": "\(problem)"])
        let age = Duration.seconds(max(0, time.timeIntervalSince(work.createdAt)))
        return .again(after: min(max(age, Self.firstWait), Self.longestWait))
    }

    private func giveUp(_ problem: String) -> JobOutcome {
        posts.increment("given_up")
        logger.error("an alert was not posted", metadata: ["problem": "\(problem)"])
        return .done
    }
}
