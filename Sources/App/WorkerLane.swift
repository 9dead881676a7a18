import BotKit
import Foundation

/// The lane of row numbers that a worker has for itself for as long as it lives.
final class WorkerLane: Sendable {
    let number: Int64
    private let lock: FileLock

    /// Takes the first that no other worker has.
    /// - Throws: `Misconfiguration` when there is none.
    init(in home: Home) throws {
        for number in RowIDs.workerLanes {
            let path = home.file("worker-\(number).lock").path
            let lock: FileLock
            do { lock = try FileLock(path) } catch {
                throw Misconfiguration(
                    Home.setting.name, "the lock file \(path) cannot be opened (\(error.reason))",
                    remedy: "Make the data folder writable for the user that runs Martlet.")
            }
            guard lock.state == .held else { continue }
            (self.number, self.lock) = (number, lock)
            return
        }
        throw Misconfiguration(
            "WORKER_MODE", "\(RowIDs.workerLanes.count) workers run already, or the disk knows no locks",
            remedy: "Stop some of them, or put MARTLET_HOME on a local disk.")
    }
}
