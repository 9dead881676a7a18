import BotKit
import Logging
import ServiceLifecycle
import Synchronization
import TestKit

/// A provider that runs as a service, and can be asked to stop as the program does.
struct RunningProvider: Sendable {
    private let services: ServiceGroup
    private let state: State

    private final class State: Sendable {
        private let hasEnded = Mutex(false)
        var isOver: Bool { hasEnded.withLock { $0 } }
        func end() { hasEnded.withLock { $0 = true } }
    }

    /// Runs `provider` while `body` works.
    static func running(
        _ provider: any MessageProvider, _ body: @escaping @Sendable (RunningProvider) async throws -> Void
    ) async throws {
        let services = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: provider, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                ], logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })))
        let state = State()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { state.end() }
                try await services.run()
            }
            do {
                try await body(RunningProvider(services: services, state: state))
            } catch {
                await services.triggerGracefulShutdown()
                throw error
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    func shutDown() async throws {
        if state.isOver { throw Outage("test", "the provider ended before it was asked to") }
        await services.triggerGracefulShutdown()
        guard await eventually({ state.isOver }) else { throw Outage("test", "the provider did not stop") }
    }
}
