import BotKit
import Foundation
import Glibc
import Synchronization

/// A file beside the database that says how often the account's ratchets were stored. A database that says less is an
/// old copy, and its ratchets would use keys a second time.
///
/// While it is open no other process can open the same account.
final class WebWitness: Sendable {
    private struct State {
        var descriptor: CInt?
        var written: Int64 = -1
    }

    private let path: String
    private let state: Mutex<State>

    /// - Throws: `Misconfiguration` when another process, or another store of this one, runs on the account, or the
    ///   file cannot be opened.
    init(of name: String, in folder: URL) throws {
        path = folder.appending(path: "web-\(name).witness").path
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        // From here on deinit closes it.
        state = Mutex(State(descriptor: descriptor < 0 ? nil : descriptor))
        guard descriptor >= 0 else {
            throw Misconfiguration(
                "account \(name)", "cannot open its file \(path) (\(String(cString: strerror(errno))))",
                remedy: "Make the data folder writable for the user that runs Martlet.")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw Misconfiguration(
                "account \(name)", "is in use by another process", remedy: "Stop that one first, for example the bot.")
        }
    }

    deinit { close() }

    /// Lets others have the account. What is noted after that fails.
    func close() {
        state.withLock { state in
            if let descriptor = state.descriptor {
                // A process that is being started may have a copy for a moment, which would keep the lock.
                flock(descriptor, LOCK_UN)
                Glibc.close(descriptor)
            }
            state.descriptor = nil
        }
    }

    /// The number in the file; `nil` when it is new or damaged.
    func read() -> Int64? {
        state.withLock { state in
            guard let descriptor = state.descriptor else { return nil }
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = pread(descriptor, &bytes, bytes.count, 0)
            guard count == Self.digits + 1, bytes[Self.digits] == UInt8(ascii: "\n") else { return nil }
            let number = String(decoding: bytes[..<Self.digits], as: UTF8.self)
            return number.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(number) : nil
        }
    }

    /// Notes `number`, at the start of a run: whatever is in the file is replaced, and it is on the disk afterwards.
    /// - Throws: `Outage`.
    func begin(at number: Int64) throws {
        try state.withLock { state in
            try write(number, &state)
            guard let descriptor = state.descriptor, ftruncate(descriptor, off_t(Self.digits + 1)) == 0,
                fsync(descriptor) == 0
            else { throw notWritten }
        }
        FolderFlush.flush(URL(filePath: path).deletingLastPathComponent())
    }

    /// Notes `number` when it is higher than what is there. It survives the end of the process; after a loss of power
    /// the file may say less, never more than the database.
    /// - Throws: `Outage`.
    func note(_ number: Int64) throws {
        try state.withLock { state in
            if number > state.written { try write(number, &state) }
        }
    }

    private static let digits = 19

    private func write(_ number: Int64, _ state: inout State) throws {
        let text = String(number)
        let line = String(repeating: "0", count: max(0, Self.digits - text.utf8.count)) + text + "\n"
        guard let descriptor = state.descriptor,
            pwrite(descriptor, line, line.utf8.count, 0) == line.utf8.count
        else { throw notWritten }
        state.written = number
    }

    private var notWritten: Outage { Outage("disk", "\(path) cannot be written; check space and permissions") }
}
