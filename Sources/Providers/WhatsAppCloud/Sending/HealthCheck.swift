import BotKit
import Foundation
import Logging
import WhatsAppCloud

/// Finds out whether the number answers and the token is good: at the start, daily, and again and again in trouble.
struct HealthCheck: Sendable {
    private static let tick = Duration.seconds(30)
    private static let longestBackOff = 600.0
    private static let day = 86_400.0

    let graph: GraphClient
    let state: AccountState
    let accounts: CloudAccounts
    let holds: CloudHolds
    let time: any TimeSource
    let logger: Logger
    let metrics: CloudMetrics

    /// Works until it is cancelled.
    func run() async throws {
        var backOff = 30.0
        while true {
            let wasGood = await check()
            let checkedAt = time.now
            backOff = wasGood ? 30 : min(backOff * 2, Self.longestBackOff)
            repeat {
                try await time.sleep(for: Self.tick)
                // A clock that was set back must not put the check off.
            } while (0..<(state.isInTrouble ? backOff : Self.day)).contains(time.now.timeIntervalSince(checkedAt))
        }
    }

    /// - Returns: whether all is well.
    func check() async -> Bool {
        do {
            let health = try await graph.phoneNumberHealth()
            state.noteAnswer()
            await learnOwner(health)
            if health.sending == .blocked {
                logger.critical(
                    "Meta says that the number cannot send; see health_status in its dashboard",
                    metadata: metrics.alert(.numberBlocked, about: state.account.rawValue))
            }
        } catch {
            note(error)
            return false
        }
        do { judge(try await graph.tokenHealth()) } catch {
            // Some tokens may not look at themselves; that they work was just seen.
            logger.debug("the token cannot be examined", metadata: ["problem": "\(error.description)"])
        }
        return true
    }

    /// An event of the account may come before any message shows whose the number is.
    private func learnOwner(_ health: PhoneNumberHealth) async {
        guard let business = health.businessAccountID else { return }
        do { try await accounts.learn(state.account, belongsTo: business) } catch {
            logger.warning(
                "whose the number is could not be stored", metadata: ["error": "\(error.safeDescription)"])
        }
    }

    private func note(_ error: GraphError) {
        switch error.remedy {
        case .token, .permission, .operatorNeeded, .stopNumber:
            let failure = SendFailure(error, at: time.now, holds: holds)
            if state.stop(AccountState.Stop(failure)) {
                var metadata = metrics.alert(.token, about: state.account.rawValue)
                metadata["problem"] = "\(error.description)"
                logger.critical(
                    "the number cannot be used: look at CLOUD_ACCESS_TOKEN and CLOUD_PHONE_NUMBER_ID",
                    metadata: metadata)
            }
        default:
            state.noteUnreachable()
            logger.warning("the Graph API does not answer", metadata: ["problem": "\(error.description)"])
        }
    }

    private func judge(_ token: TokenHealth) {
        var problems = token.missingScopes.map { "lacks \($0)" }
        if token.type == "USER" { problems.append("belongs to a person; use one of a system user") }
        if let end = token.expiresAt, end.timeIntervalSince(time.now) < 7 * Self.day {
            problems.append("ends within 7 days")
        }
        guard !problems.isEmpty else { return }
        logger.warning("the access token", metadata: ["problem": "\(problems.joined(separator: "; "))"])
    }
}
