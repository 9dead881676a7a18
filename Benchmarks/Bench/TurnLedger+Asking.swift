/// Puts questions to a bot and waits for their answers, which whoever receives them notes.
extension TurnLedger {
    /// Asks the questions in `range`, so many at a time, each as soon as another is answered.
    func saturate(
        _ range: Range<Int>, atOnce: Int, ask: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<atOnce {
                group.addTask {
                    // A lane's members are its own, so that nobody asks twice before an answer.
                    for number in stride(from: range.lowerBound + lane, to: range.upperBound, by: atOnce) {
                        try await ask(number)
                        guard await self.waitForAnswer(Token(number: number)) else { return }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Asks the questions in `range`, so many a second, whether the ones before are answered or not.
    func pace(
        _ range: Range<Int>, perSecond: Int, ask: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let start = ContinuousClock.now
        try await withThrowingDiscardingTaskGroup { group in
            for number in range {
                let due = start + .seconds(1) * (number - range.lowerBound) / perSecond
                try await ContinuousClock().sleep(until: due, tolerance: .zero)
                group.addTask {
                    try await ask(number)
                    _ = await self.waitForAnswer(Token(number: number))
                }
            }
        }
    }

    /// Runs `body`, and `listen` beside it; after `limit` the waiting for answers ends.
    /// - Throws: also when the answers do not all come within `limit`.
    func answers(
        within limit: Duration, listening listen: (@Sendable () async throws -> Void)? = nil,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await body() } catch {
                    // Others may wait for an answer that nobody asks for any more.
                    self.giveUp()
                    throw error
                }
            }
            if let listen { group.addTask { try await listen() } }
            group.addTask {
                try await Task.sleep(for: limit)
                self.giveUp()
                throw BenchmarkFailure("the answers did not all come within \(limit)")
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
