import BotKit
import Synchronization
import TestKit

/// A real store whose statements fail, or wait, when a test wants them to.
final class FlakyDatabase: Database {
    private struct Fault {
        let piece: String
        var times: Int
        let error: DatabaseError
        var afterwards = false
    }
    private struct State {
        var faults: [Fault] = []
        var held: [(piece: String, afterwards: Bool)] = []
        var texts: [String] = []
    }
    let real: any Database
    private let state = Mutex(State())
    /// Where held calls wait.
    let door = Door()

    init(_ real: any Database) { self.real = real }

    /// The next calls with a statement that contains `piece` fail and change nothing.
    func fail(_ piece: String, times: Int = 1, with error: DatabaseError = .full) {
        state.withLock { $0.faults.append(Fault(piece: piece, times: times, error: error)) }
    }

    /// The next call with a statement that contains `piece` does its work and then fails, as when an answer is lost.
    func failAfterwards(_ piece: String, with error: DatabaseError = .unreachable("cut")) {
        state.withLock { $0.faults.append(Fault(piece: piece, times: 1, error: error, afterwards: true)) }
    }

    /// Lets all calls succeed again.
    func heal() { state.withLock { $0.faults = [] } }

    /// Shuts the door for calls with a statement that contains `piece`.
    /// - Parameter afterwards: whether they wait when they are done, with their result in hand.
    func hold(_ piece: String, afterwards: Bool = false) {
        door.shut()
        state.withLock { $0.held.append((piece, afterwards)) }
    }

    /// Opens the door.
    func release() {
        state.withLock { $0.held = [] }
        door.open()
    }

    /// How many calls had a statement that contains `piece`.
    func count(_ piece: String) -> Int { state.withLock { $0.texts.count { $0.contains(piece) } } }

    @discardableResult
    func run(_ statement: SQL) async throws -> Int { try await call([statement]) { try await $0.run(statement) } }
    func rows(_ query: SQL) async throws -> [Row] { try await call([query]) { try await $0.rows(query) } }
    @discardableResult
    func transaction(_ statements: [SQL]) async throws -> [Int] {
        try await call(statements) { try await $0.transaction(statements) }
    }

    private func call<Result: Sendable>(
        _ statements: [SQL], _ body: (any Database) async throws -> Result
    ) async throws -> Result {
        let text = statements.map { $0.rendered(for: .sqlite).text }.joined(separator: "; ")
        let (fault, hold) = state.withLock { state -> (Fault?, Bool?) in
            state.texts.append(text)
            let hold = state.held.first { text.contains($0.piece) }?.afterwards
            guard let index = state.faults.firstIndex(where: { $0.times > 0 && text.contains($0.piece) }) else {
                return (nil, hold)
            }
            state.faults[index].times -= 1
            return (state.faults[index], hold)
        }
        if let fault, !fault.afterwards { throw fault.error }
        if hold == false { try await door.pass() }
        let result = try await body(real)
        if let fault { throw fault.error }
        if hold == true { try await door.pass() }
        return result
    }
}
