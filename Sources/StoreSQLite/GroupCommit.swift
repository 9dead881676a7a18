import BotKit
import GRDB
import Synchronization

/// A call that writes, and who waits for it.
struct Write: AwaitedWork {
    let statements: [RenderedStatement]
    let keepsRows: Bool
    /// The store's own words that no transaction may hold; then there are no statements.
    var alone: [String] = []
    let caller: CheckedContinuation<[StatementResult], any Error>

    /// Whether part of it may have to be undone: SQLite undoes a single failed statement itself.
    var needsSavepoint: Bool { statements.count > 1 || statements.contains { $0.requiredChanges != nil } }

    func fail(_ error: BotKit.DatabaseError) { caller.resume(throwing: error) }
}

/// A call that reads.
struct Read: AwaitedWork {
    let statement: RenderedStatement
    let caller: CheckedContinuation<[BotKit.Row], any Error>

    func fail(_ error: BotKit.DatabaseError) { caller.resume(throwing: error) }

    func perform(on connection: Connection) {
        do {
            caller.resume(returning: try connection.run(statement, keepsRows: true).rows)
        } catch {
            fail(error)
        }
    }
}

/// Runs the writes of many callers in one transaction, so that they share one flush to the disk.
///
/// Each caller's work stands in its own savepoint: what fails is undone alone. Callers hear of success only after the
/// commit.
final class GroupCommit: Sendable {
    private let counter = Atomic<Int>(0)

    /// How many commits there were.
    var commits: Int { counter.load(ordering: .relaxed) }

    func perform(_ batch: ArraySlice<Write>, on connection: Connection) {
        var rest = batch
        while let first = rest.first {
            if !first.alone.isEmpty {
                performAlone(first, on: connection)
                rest.removeFirst()
                continue
            }
            var together = rest.prefix(while: \.alone.isEmpty)
            rest = rest.dropFirst(together.count)
            while !together.isEmpty, let culprit = attempt(together, on: connection) { together.remove(at: culprit) }
        }
    }

    private func performAlone(_ write: Write, on connection: Connection) {
        do throws(BotKit.DatabaseError) {
            for word in write.alone { try connection.control(word) }
            write.caller.resume(returning: [])
        } catch {
            write.fail(error)
        }
    }

    /// Runs a batch and answers its callers.
    /// - Returns: the one write that made SQLite undo the whole transaction, if one did. It is answered, the others
    ///   are not and must run again.
    private func attempt(_ batch: ArraySlice<Write>, on connection: Connection) -> Int? {
        do { try connection.control("BEGIN IMMEDIATE") } catch {
            for write in batch { write.fail(error) }
            return nil
        }
        var results: [Result<[StatementResult], BotKit.DatabaseError>] = []
        results.reserveCapacity(batch.count)
        for (index, write) in zip(batch.indices, batch) {
            let result = perform(write, on: connection)
            // A full disk, for one, makes SQLite give up the transaction and not only the statement.
            if !connection.isInsideTransaction {
                if case .failure(let error) = result { write.fail(error) } else { write.fail(.unexpected("no commit")) }
                return index
            }
            results.append(result)
        }
        do {
            try connection.control("COMMIT")
        } catch {
            commitFailed(batch, error, on: connection)
            return nil
        }
        counter.wrappingAdd(1, ordering: .relaxed)
        for (write, result) in zip(batch, results) { write.caller.resume(with: result.mapError { $0 as any Error }) }
        return nil
    }

    private func perform(_ write: Write, on connection: Connection)
        -> Result<[StatementResult], BotKit.DatabaseError>
    {
        do throws(BotKit.DatabaseError) {
            if write.needsSavepoint { try connection.control("SAVEPOINT caller") }
            var results: [StatementResult] = []
            results.reserveCapacity(write.statements.count)
            for statement in write.statements {
                results.append(try connection.run(statement, keepsRows: write.keepsRows))
            }
            if write.needsSavepoint { try connection.control("RELEASE caller") }
            return .success(results)
        } catch {
            if write.needsSavepoint && connection.isInsideTransaction {
                undo("ROLLBACK TO caller", on: connection)
                undo("RELEASE caller", on: connection)
            }
            return .failure(error)
        }
    }

    /// Nothing of the batch became true. A rule that is checked at the commit is one caller's fault, so each then tries
    /// alone; anything else, such as a full disk, is everybody's.
    private func commitFailed(_ batch: ArraySlice<Write>, _ error: BotKit.DatabaseError, on connection: Connection) {
        if connection.isInsideTransaction { undo("ROLLBACK", on: connection) }
        if case .constraint = error, batch.count > 1 {
            for index in batch.indices { _ = attempt(batch[index...index], on: connection) }
        } else {
            for write in batch { write.fail(error) }
        }
    }

    /// Undoing fails only when SQLite has undone more by itself; if a transaction were left, the next `BEGIN` would
    /// fail and say so.
    private func undo(_ text: String, on connection: Connection) {
        do { try connection.control(text) } catch { assert(!connection.isInsideTransaction, "undo failed: \(error)") }
    }
}
