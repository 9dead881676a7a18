import Foundation

/// Questions of many users to one server, with a model that answers at once.
struct TurnLoad: Sendable {
    let server: MartletServer
    let sender: WebhookSender
    let ledger: TurnLedger
    /// The phone of the user who asks a question, by its number.
    let phone: @Sendable (Int) -> String
    /// Whether the questions are captions of an image.
    var hasImages = false

    /// Asks the questions in `range`, so many at a time, each as soon as another is answered.
    func saturate(_ range: Range<Int>, atOnce: Int, within limit: Duration) async throws {
        try await ledger.answers(within: limit) {
            try await ledger.saturate(range, atOnce: atOnce) { try await ask($0) }
        }
    }

    /// Asks the questions in `range`, so many a second, whether the ones before are answered or not.
    func pace(_ range: Range<Int>, perSecond: Int, within limit: Duration = .seconds(60)) async throws {
        try await ledger.answers(within: limit) {
            try await ledger.pace(range, perSecond: perSecond) { try await ask($0) }
        }
    }

    private func ask(_ number: Int) async throws {
        let token = Token(number: number)
        let message = SignedWebhook.Message(
            from: phone(number), id: "wamid.IN\(number)", text: "What do you know about \(token.text), please?",
            image: hasImages ? GraphSink.imageID : nil)
        let webhook = SignedWebhook([message])
        ledger.ask(token)
        let status = try await sender.post(webhook, to: server.webhook)
        guard status == 200 else { throw BenchmarkFailure("martlet answered a webhook with \(status)") }
    }
}
