import BotKit
import Logging
public import ServiceLifecycle
import Synchronization

/// Tells the audit of requests whose senders did not prove themselves: of the first at once, and of all that follow in
/// one entry for each path, as long as it goes on. A flood of them costs it an entry in ten minutes.
public final class ForgeryRecord: Service {
    /// The time between two entries.
    static let interval = Duration.seconds(600)

    private let audit: AuditLog
    private let time: any TimeSource
    private let logger: Logger
    private let counts = Mutex<[String: Int]>([:])
    private let news: AsyncStream<Void>
    private let tell: AsyncStream<Void>.Continuation

    init(audit: AuditLog, time: any TimeSource, logger: Logger) {
        self.audit = audit
        self.time = time
        self.logger = logger
        (news, tell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Notes a request that was refused; it does not wait for the audit.
    /// - Parameter path: of the webhook, which is ours.
    public func note(_ path: String) {
        counts.withLock { $0[path, default: 0] += 1 }
        tell.yield()
    }

    /// Writes until shutdown, and then what is left.
    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                for await _ in self.news {
                    await self.write()
                    try await self.time.sleep(for: Self.interval)
                }
            }
        } catch is CancellationError {
            // The shutdown.
        }
        await write()
    }

    private func write() async {
        let taken = counts.withLock { counts in
            defer { counts = [:] }
            return counts
        }
        for (path, count) in taken.sorted(by: { $0.key < $1.key }) {
            let entry = AuditEntry(.requestRefused, .denied, details: ["path": path, "requests": "\(count)"])
            do {
                _ = try await audit.record(AuditLog.Event(entry, by: .unknown))
            } catch {
                // They were refused all the same; the next entry counts them.
                counts.withLock { $0[path, default: 0] += count }
                tell.yield()
                logger.error(
                    "refused requests cannot be recorded now", metadata: ["error": "\(error.safeDescription)"])
            }
        }
    }
}
