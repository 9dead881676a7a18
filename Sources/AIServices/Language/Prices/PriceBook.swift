import BotKit
public import Foundation
public import Logging
import Synchronization

/// The prices in force: those of a file are read again when it changes, without a restart.
///
/// At most once a minute, when a price is asked for, the file's time of change, size and identity are compared. A new
/// file that cannot be read leaves the old prices in force and is warned of once.
public final class PriceBook: Sendable {
    /// How often the file is looked at, at most.
    static let interval = TimeInterval(60)

    private struct State {
        var list: PriceList
        var stamp: Stamp?
        var lookedAt: Date
    }

    /// What changes with a file's content; `nil` where there is none.
    private struct Stamp: Equatable {
        let seconds: Int
        let nanoseconds: Int
        let bytes: Int64
        let identity: UInt64

        init?(_ file: URL) {
            var found = stat()
            guard stat(file.path(percentEncoded: false), &found) == 0 else { return nil }
            seconds = found.st_mtim.tv_sec
            nanoseconds = found.st_mtim.tv_nsec
            bytes = Int64(found.st_size)
            identity = UInt64(found.st_ino)
        }
    }

    private struct Source {
        let file: URL
        let setting: String
        let mayBeMissing: Bool
        let logger: Logger

        func load(_ stamp: Stamp?) throws -> PriceList {
            if mayBeMissing && stamp == nil { return try PriceList.builtIn() }
            return try PriceList.load(file, named: setting)
        }
    }

    private let source: Source?
    private let state: Mutex<State>

    /// Prices that never change.
    public init(_ list: PriceList) {
        source = nil
        state = Mutex(State(list: list, stamp: nil, lookedAt: .distantFuture))
    }

    /// The prices of a file, over those that come with the product.
    ///
    /// - Parameters:
    ///   - setting: what names the file, for messages.
    ///   - mayBeMissing: whether the built-in prices hold alone while there is no such file.
    /// - Throws: `Misconfiguration` when the file cannot be read now.
    public init(_ file: URL, named setting: String, mayBeMissing: Bool, at now: Date, logger: Logger) throws {
        let source = Source(file: file, setting: setting, mayBeMissing: mayBeMissing, logger: logger)
        let stamp = Stamp(file)
        self.source = source
        state = Mutex(State(list: try source.load(stamp), stamp: stamp, lookedAt: now))
    }

    /// The prices in force at `now`.
    func prices(at now: Date) -> PriceList {
        guard let source, isDue(now) else { return state.withLock { $0.list } }
        let stamp = Stamp(source.file)
        guard stamp != state.withLock({ $0.stamp }) else { return state.withLock { $0.list } }
        do {
            let list = try source.load(stamp)
            source.logger.info("The prices of models changed", metadata: ["file": "\(source.setting)"])
            return state.withLock { state in
                state.stamp = stamp
                state.list = list
                return list
            }
        } catch {
            source.logger.warning(
                "The new prices of models cannot be read; the old ones stay",
                metadata: ["problem": "\(error.safeDescription)"])
            return state.withLock { state in
                state.stamp = stamp
                return state.list
            }
        }
    }

    /// Whether a minute has passed; only one of several who ask at the same time is told so.
    private func isDue(_ now: Date) -> Bool {
        state.withLock { state in
            // A clock that was set back must not stop the looking.
            guard abs(now.timeIntervalSince(state.lookedAt)) >= Self.interval else { return false }
            state.lookedAt = now
            return true
        }
    }
}
