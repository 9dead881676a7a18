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
    /// The answer does not wait for that: a network that is slow to hear it must not make the bot slow.
    func during(_ turn: Turn, takesTime: Bool, _ body: @escaping @Sendable () async throws -> Answer) async throws
        -> Answer
    {
        try await withThrowingTaskGroup(of: Answer?.self) { group in
            group.addTask { try await body() }
            if let provider = directory.provider(of: turn.chat.id) {
                group.addTask {
                    try? await self.show(turn, through: provider, typing: takesTime)
                    return nil
                }
            }
            if takesTime, settings.stillWorking > .zero {
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

    private func show(_ turn: Turn, through provider: any MessageProvider, typing: Bool) async throws {
        await provider.acknowledge(turn.message, typing: typing)
        guard typing, let lasts = provider.abilities.typingLasts else { return }
        let refresh = max(.seconds(1), lasts - .seconds(5))
        while true {
            try await time.sleep(for: refresh)
            await provider.acknowledge(turn.message, typing: true)
        }
    }

    private func sayStillWorking(_ turn: Turn) async throws {
        try await time.sleep(for: settings.stillWorking)
        do {
            try await deliveries.say(.text(.stillWorking), for: turn, key: Self.key(of: turn))
        } catch {
            logger.warning("could not say that work goes on", metadata: ["error": "\(error.safeDescription)"])
        }
    }

    /// The row of the notice of a turn, for its answer to take the place of; `nil` when there is none, or where nothing
    /// can be edited.
    func notice(in line: TurnLine) async throws -> Int64? {
        guard let turn = line.turn, settings.stillWorking > .zero,
            directory.provider(of: turn.chat.id)?.abilities.editWindow != nil,
            // Most turns are quick, and need no question to the store.
            line.isRepeated || line.beganAt.adding(settings.stillWorking) <= time.now
        else { return nil }
        return try await deliveries.row(saidUnder: Self.key(of: turn))
    }

    private static func key(of turn: Turn) -> String { "still.\(turn.id)" }
}
