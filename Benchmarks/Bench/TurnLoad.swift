import Foundation

/// Questions of many users to one server, with a model that answers at once.
struct TurnLoad: Sendable {
    let server: MartletServer
    let sender: WebhookSender
    let ledger: TurnLedger
    /// The phone of the user who asks a question, by its number.
    let phone: @Sendable (Int) -> String

    /// Asks the questions in `range`, so many at a time, each as soon as another is answered.
    func saturate(_ range: Range<Int>, atOnce: Int, within limit: Duration) async throws {
        try await withDeadline(limit) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<atOnce {
                    group.addTask {
                        // A lane's users are its own, so that nobody asks twice before an answer.
                        for number in stride(from: range.lowerBound + lane, to: range.upperBound, by: atOnce) {
                            try await ask(number)
                            guard await ledger.waitForAnswer(Token(number: number)) else { return }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Asks the questions in `range`, so many a second, whether the ones before are answered or not.
    func pace(_ range: Range<Int>, perSecond: Int, within limit: Duration = .seconds(60)) async throws {
        try await withDeadline(limit) {
            let start = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in range {
                    let due = start + .seconds(1) * (number - range.lowerBound) / perSecond
                    try await ContinuousClock().sleep(until: due, tolerance: .zero)
                    group.addTask {
                        try await ask(number)
                        _ = await ledger.waitForAnswer(Token(number: number))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private func ask(_ number: Int) async throws {
        let token = Token(number: number)
        let message = SignedWebhook.Message(
            from: phone(number), id: "wamid.IN\(number)", text: "What do you know about \(token.text), please?")
        let webhook = SignedWebhook([message])
        ledger.ask(token)
        let status = try await sender.post(webhook, to: server.webhook)
        guard status == 200 else { throw BenchmarkFailure("martlet answered a webhook with \(status)") }
    }

    /// Runs `body`; after `limit` the waiting for answers ends.
    private func withDeadline(_ limit: Duration, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await body() } catch {
                    // Others may wait for an answer that nobody asks for any more.
                    ledger.giveUp()
                    throw error
                }
            }
            group.addTask {
                try await Task.sleep(for: limit)
                ledger.giveUp()
                throw BenchmarkFailure("the answers did not all come within \(limit)")
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
