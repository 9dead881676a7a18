import BotKit
import Foundation
import Logging
import WhatsAppCloud

/// Tells a member by template that an answer waits, when nothing else may be sent.
struct WindowTemplate: Sendable {
    /// `nil` when none is configured: then the answer waits until the member writes.
    let template: TemplateMessage?
    let graph: GraphClient
    let users: CloudUserDirectory
    let windows: ServiceWindows
    let holds: CloudHolds
    let time: any TimeSource
    let logger: Logger
    let metrics: CloudMetrics

    /// Sends the template to a direct chat, once in 24 hours.
    /// - Throws: `SendFailure` when it surely did not go out and may later.
    func offer(in chat: ChatID) async throws {
        metrics.windowClosed()
        guard let template, let row = CloudUser.row(of: chat) else { return }
        let now = time.now
        let claim: Bool
        let recipient: Recipient
        do {
            guard let user = try await users.user(row), let place = user.recipient, !user.refusesMarketing else {
                return
            }
            recipient = place
            claim = try await windows.claimTemplate(for: chat, of: user.member, at: now)
        } catch { throw SendFailure(.retry(after: nil), code: "store", "the store failed (\(error.safeDescription))") }
        guard claim else { return }
        do {
            _ = try await graph.send(.template(template), to: recipient, callbackData: StoredStatus.Token.template)
            metrics.templateSent()
        } catch {
            let failure = SendFailure(error, at: now, holds: holds)
            switch failure.remedy {
            case .retry, .holdChat, .holdAccount, .stopAccount:
                // A claim that cannot be given back only means that today's template is left out.
                try? await windows.releaseTemplate(for: chat)
                throw failure
            case .postpone, .uncertain, .windowClosed, .giveUp:
                logger.error(
                    "the template for closed windows was not taken; see CLOUD_WINDOW_TEMPLATE",
                    metadata: ["code": "\(failure.code)"])
            }
        }
    }
}
