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
    /// - Parameter isAnnounced: whether the member was told already that it takes time.
    func during(
        _ turn: Turn, takesTime: Bool, isAnnounced: Bool = false, _ body: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        let hasNotice = takesTime && !isAnnounced && settings.stillWorking > .zero
        let notice = hasNotice ? Notice(at: time.now.adding(settings.stillWorking)) : nil
        return try await withThrowingTaskGroup(of: Answer?.self) { group in
            group.addTask { try await body() }
            if let provider = directory.provider(of: turn.chat.id) {
                group.addTask {
                    try? await self.show(turn, through: provider, typing: takesTime, around: notice)
                    return nil
                }
            }
            if let notice {
                group.addTask {
                    try? await self.sayStillWorking(turn, notice)
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

    /// The one message that is said while the answer is made.
    private struct Notice: Sendable {
        let at: Date
        /// Ends when it is stored, or cannot be.
        let saying = AsyncStream<Void>.makeStream()
    }

    private func show(
        _ turn: Turn, through provider: any MessageProvider, typing: Bool, around notice: Notice?
    ) async throws {
        await provider.acknowledge(turn.message, typing: typing)
        guard typing, let lasts = provider.abilities.typingLasts else { return }
        let refresh = max(.seconds(1), lasts - .seconds(5))
        if let notice {
            while time.now.adding(refresh) < notice.at { try await type(turn, through: provider, after: refresh) }
            // A message ends what the network shows: a sign that goes out beside the notice would be lost.
            for await _ in notice.saying.stream {}
            try Task.checkCancellation()
            let patience = time.now.adding(refresh)
            while time.now < patience, (try? await deliveries.isUnderWay(saidUnder: Self.key(of: turn))) == true {
                try await time.sleep(for: .milliseconds(500))
            }
            try await type(turn, through: provider, after: .zero)
        }
        while true { try await type(turn, through: provider, after: refresh) }
    }

    private func type(_ turn: Turn, through provider: any MessageProvider, after wait: Duration) async throws {
        if wait > .zero { try await time.sleep(for: wait) }
        try Task.checkCancellation()
        await provider.acknowledge(turn.message, typing: true)
    }

    private func sayStillWorking(_ turn: Turn, _ notice: Notice) async throws {
        defer { notice.saying.continuation.finish() }
        try await time.sleep(until: notice.at)
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
