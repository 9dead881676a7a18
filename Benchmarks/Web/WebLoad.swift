/// Members who write to linked accounts, each question as soon as another one is answered.
struct WebLoad: Sendable {
    let web: EmulatedWeb
    let ledger: TurnLedger
    /// How many members there are; how many wait at a time divides it.
    var members = 200

    static let firstMember = 15_550_500_000
    /// How often the phones are looked at.
    private static let pause = Duration.milliseconds(4)

    /// The number of the member who asks question `number`.
    func member(_ number: Int) -> String { String(Self.firstMember + number % members) }

    /// Makes the members.
    func prepare() async throws { try await web.makeAccounts(from: Self.firstMember, count: members) }

    /// Asks the account with the number `bot` the questions in `range`, so many at a time.
    /// - Throws: when the answers do not all come within `limit`.
    func saturate(_ range: Range<Int>, to bot: String, atOnce: Int, within limit: Duration) async throws {
        try await following(for: limit) {
            try await ledger.saturate(range, atOnce: atOnce) { try await ask($0, to: bot) }
        }
    }

    /// Asks the questions in `range`, so many a second, whether the ones before are answered or not.
    /// - Throws: when the answers do not all come within `limit`.
    func pace(_ range: Range<Int>, to bot: String, perSecond: Int, within limit: Duration) async throws {
        try await following(for: limit) {
            try await ledger.pace(range, perSecond: perSecond) { try await ask($0, to: bot) }
        }
    }

    private func ask(_ number: Int, to bot: String) async throws {
        let token = Token(number: number)
        ledger.ask(token)
        try await web.send("What do you know about \(token.text), please?", from: member(number), to: bot)
    }

    /// Runs `body` while what the members read goes to the ledger; after `limit` the waiting for answers ends.
    private func following(
        for limit: Duration, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let start = try await web.texts(since: .max).last
        try await ledger.answers(within: limit, listening: { try await follow(since: start) }, body)
    }

    private func follow(since start: Int) async throws {
        let readers = Self.firstMember..<Self.firstMember + members
        var last = start
        while true {
            let new = try await web.texts(since: last)
            last = new.last
            for text in new.texts where Int(text.reader).map(readers.contains) == true {
                for token in Token.all(in: Array(text.text.utf8)) { ledger.answer(token) }
            }
            try await Task.sleep(for: Self.pause)
        }
    }
}
