/// Something that the operator is told of, in words that name nobody.
public struct AlertKind: Sendable, Hashable {
    /// Its word in the log, in metrics and at the webhook.
    public let word: String
    /// What has happened and what to do.
    public let text: Text
    /// That it is over; `nil` for what happens and is no state.
    public let ended: Text?

    init(_ word: String, _ text: Text, ended: Text? = nil) {
        self.word = word
        self.text = text
        self.ended = ended
    }

    /// The whole catalogue.
    public static let all = networks + messages + models + machine + costs

    /// Whether what it is about is an account, or several of them.
    public var isAboutAccounts: Bool { Self.accountWords.contains(word) }

    private static let accountWords = Set(networks.map(\.word))
    private static let byWord = Dictionary(all.map { ($0.word, $0) }) { first, _ in first }

    /// The kind called `word`; `nil` when the catalogue has none.
    public static func named(_ word: String) -> AlertKind? { byWord[word] }
}
