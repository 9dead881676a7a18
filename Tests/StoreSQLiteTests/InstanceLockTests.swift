import BotKit
import Foundation
import Synchronization
import Testing

@testable import StoreSQLite

@Suite(.timeLimit(.minutes(1))) struct InstanceLockTests {
    private final class Flag: Sendable { let isUp = Atomic(false) }

    @Test func `a lock that is refused closes no file of others`() async throws {
        let folder = try TestFolder()
        let path = folder.url.appending(path: "store.sqlite").path
        let held = try FileLock.ofInstance(beside: path)
        let end = Flag()
        let losses = await withTaskGroup { group in
            group.addTask {
                // A descriptor that is closed twice may be somebody else's by the second time.
                var losses = 0
                while !end.isUp.load(ordering: .relaxed) {
                    let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
                    sched_yield()
                    if close(descriptor) != 0 { losses += 1 }
                }
                return losses
            }
            group.addTask {
                for _ in 1...3_000 {
                    let error = #expect(throws: Misconfiguration.self) { try FileLock.ofInstance(beside: path) }
                    guard error?.problem.contains("another Martlet") == true else { break }
                }
                end.isUp.store(true, ordering: .relaxed)
                return 0
            }
            return await group.reduce(0, +)
        }
        #expect(losses == 0)
        withExtendedLifetime(held) {}
    }
}
