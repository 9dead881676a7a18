import BotKit
import Foundation
import Logging
import WhatsAppCloud

extension SendFailure {
    /// What the outbox shall do about a send that failed.
    init(_ error: GraphError, at now: Date, holds: CloudHolds) {
        let wait = error.retryAfter?.delay(from: now)
        let code = error.reported.map { $0.code < 0 ? "http_\(error.status ?? 0)" : "\($0.code)" } ?? "\(error.code)"
        // Partly done in a group is done: a repeat would reach some twice.
        if error.mayHaveBeenAccepted && error.remedy != .groupPartial {
            self.init(.uncertain, code: code, error.description)
        } else {
            self.init(Self.remedy(for: error.remedy, wait: wait, holds), code: code, error.description)
            isUnwanted = error.remedy == .optedOut
        }
    }

    /// What the outbox shall do about a message that failed after it was accepted.
    init(codes: [Int], holds: CloudHolds) {
        let known = codes.first { ErrorTable.remedy(code: $0) != .unknown } ?? codes.first
        let remedy = known.map { ErrorTable.remedy(code: $0) } ?? .unknown
        let code = known.map(String.init) ?? "failed"
        self.init(
            Self.remedy(for: remedy, wait: nil, holds), code: code, "Meta reported failure \(code) after accepting it")
        isUnwanted = remedy == .optedOut
    }

    /// The longest wait for the end of a stop that the outbox is told; it asks again after its own rest.
    private static let longestWait = Duration.seconds(900)

    /// A message that was not tried, because the number is stopped.
    init(_ stop: AccountState.Stop, at now: Date) {
        let rest = stop.until.map { Duration.seconds(max(0, $0.timeIntervalSince(now))) }
        let remedy = rest.flatMap { $0 <= Self.longestWait ? Remedy.holdAccount($0) : nil }
        self = .untried(remedy ?? .stopAccount, code: stop.code, stop.problem)
    }

    /// A failure that came about without asking Meta.
    static func untried(_ remedy: Remedy, code: String, _ description: String) -> SendFailure {
        var failure = SendFailure(remedy, code: code, description)
        failure.wasTried = false
        return failure
    }

    /// Whether a template may go out although the reply may not.
    var isClosedWindow: Bool { tableRemedy == .windowClosed }

    /// Whether it is the template that Meta does not take: it is wrong, paused or disabled.
    var isRefusedTemplate: Bool { tableRemedy == .template }

    private var tableRemedy: ErrorRemedy? { Int(code).map { ErrorTable.remedy(code: $0) } }

    private static func remedy(for remedy: ErrorRemedy, wait: Duration?, _ holds: CloudHolds) -> Remedy {
        switch remedy {
        case .retryWithBackoff: .retry(after: wait)
        case .holdPair: holds.pair > .zero ? .holdChat(max(holds.pair, wait ?? .zero)) : .retry(after: wait)
        case .slowNumber: holdNumber(for: holds.number, wait)
        case .slowAccount: holdNumber(for: holds.account, wait)
        case .maintenance: holdNumber(for: holds.maintenance, wait)
        // The last two wait for the member as well: until the operator has mended the template, or the member has shown
        // to be the same person.
        case .windowClosed, .template, .identityHold: .windowClosed
        case .waitADay: longer(holds.marketing, wait).map { .postpone($0) } ?? .retry(after: nil)
        case .groupRetryLater: .retry(after: longer(holds.group, wait))
        case .stopNumber, .token, .permission, .operatorNeeded: .stopAccount
        case .undeliverable, .optedOut, .badRequest, .media, .group, .groupPartial, .unknown: .giveUp
        }
    }

    private static func holdNumber(for span: Duration, _ wait: Duration?) -> Remedy {
        longer(span, wait).map { .holdAccount($0) } ?? .retry(after: nil)
    }

    /// - Returns: `nil` when nothing is to be waited for.
    private static func longer(_ span: Duration, _ wait: Duration?) -> Duration? {
        span > .zero ? max(span, wait ?? .zero) : wait
    }
}

extension AccountState.Stop {
    /// The reason to stop that a failure is.
    init(_ failure: SendFailure) {
        let decision = Int(failure.code).map { ErrorTable.remedy(code: $0) } == .stopNumber
        self.init(cause: decision ? .refusal : .token, code: failure.code, problem: failure.description)
    }
}

extension Logger {
    /// Tells of a reply that waits for its member although the window is open.
    func logParked(_ failure: SendFailure) {
        error(
            "a reply waits until its member writes again: its template is refused, or the member's identity changed",
            metadata: ["code": "\(failure.code)", "problem": "\(failure.description)"])
    }
}
