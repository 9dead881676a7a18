import BotKit
import Foundation
import Logging
import ServiceLifecycle

/// Gives back to the system what a busy time has left behind.
///
/// The allocator of the C library keeps what was freed between pieces that are still in use: 15 MB after 20 000 turns.
/// Asking for it holds up whoever wants memory meanwhile, so it is done when there is nothing else to do.
struct MemoryReturn: Service {
    /// How often is looked.
    static let interval = Duration.seconds(10)
    /// What the process must have grown by for it to be worth the while.
    static let growth = 4 << 20

    let time: any TimeSource
    let logger: Logger
    let isIdle: @Sendable () async -> Bool

    init(time: any TimeSource, logger: Logger, isIdle: @escaping @Sendable () async -> Bool) {
        self.time = time
        self.logger = logger
        self.isIdle = isIdle
    }

    /// Looks now and then, until shutdown.
    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var settled = 0
            while true {
                try await time.sleep(for: Self.interval)
                guard Self.residentBytes > settled + Self.growth, await isIdle() else { continue }
                settled = giveBack()
            }
        }
    }

    /// - Returns: the bytes that are in memory afterwards.
    func giveBack() -> Int {
        let before = Self.residentBytes
        let start = ContinuousClock.now
        _ = Self.trim?(0)
        let after = Self.residentBytes
        logger.debug(
            "memory was given back",
            metadata: ["bytes": .own(before - after), "took": "\(ContinuousClock.now - start)"])
        return after
    }

    /// What of the process is in memory, in bytes (proc(5), `statm`); 0 when it cannot be told.
    static var residentBytes: Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// `malloc_trim(3)`, which Swift's module of the C library leaves out; `nil` where the library has none.
    private static let trim: (@convention(c) (Int) -> CInt)? = dlsym(nil, "malloc_trim").map {
        unsafeBitCast($0, to: (@convention(c) (Int) -> CInt).self)
    }
}
