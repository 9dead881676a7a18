import BotKit
import Foundation
import Logging

/// Shows the member that an answer is being made, while it is.
struct Presence: Sendable {
    let directory: ProviderDirectory
    let deliveries: DeliveryDesk
    let settings: PipelineSettings
    let time: any TimeSource
    let logger: Logger

    /// Runs `body`; tells the network that the message was read and, when the answer takes time, that it is written.
    func during(_ turn: Turn, takesTime: Bool, _ body: @escaping @Sendable () async throws -> Answer) async throws
        -> Answer
    {
        let provider = directory.provider(of: turn.chat.id)
        await provider?.acknowledge(turn.message, typing: takesTime)
        guard takesTime else { return try await body() }
        return try await withThrowingTaskGroup(of: Answer?.self) { group in
            group.addTask { try await body() }
            if let provider, let lasts = provider.abilities.typingLasts {
                group.addTask {
                    try? await self.keepTyping(turn, through: provider, lasts: lasts)
                    return nil
                }
            }
            if settings.stillWorking > .zero {
                group.addTask {
                    try? await self.sayStillWorking(turn)
                    return nil
                }
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    private func keepTyping(_ turn: Turn, through provider: any MessageProvider, lasts: Duration) async throws {
        let refresh = max(.seconds(1), lasts - .seconds(5))
        while true {
            try await time.sleep(for: refresh)
            await provider.acknowledge(turn.message, typing: true)
        }
    }

    private func sayStillWorking(_ turn: Turn) async throws {
        try await time.sleep(for: settings.stillWorking)
        do {
            try await deliveries.say([.text(.stillWorking)], for: turn, key: "still.\(turn.id)")
        } catch {
            logger.warning("could not say that work goes on", metadata: ["error": "\(error.safeDescription)"])
        }
    }
}
