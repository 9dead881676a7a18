/// Who asks what in `LoadStage`, one part after the other.
struct LoadPlan: Sendable {
    enum Kind: Sendable, Equatable {
        /// So many members, and a model that answers at once.
        case members(Int)
        /// A model that takes `slowness` for every answer.
        case slow
        /// The same members as in `mixed`, and a model that answers at once.
        case calm
        /// A model that takes `slowness` for half of the members.
        case mixed
    }

    /// A stretch of questions, in which the members take turns.
    struct Part: Sendable {
        let kind: Kind
        let questions: Range<Int>
        let members: Int

        var span: Duration { .seconds(questions.count) / LoadPlan.perSecond }
        func member(of question: Int) -> Int { (question - questions.lowerBound) % members }
        func phone(of question: Int) -> String { LoadUser.phone(among: members, member(of: question)) }
    }

    static let perSecond = 50
    static let sizes = [100, 1_000]
    private static let slowness = Duration.seconds(1)
    /// A lane is called starved when an answer took so long in the bot itself, in milliseconds.
    private static let patience = 1_000.0

    let parts: [Part]
    var count: Int { parts.last?.questions.upperBound ?? 0 }

    init(quick: Bool) {
        let few = Self.sizes[0]
        // Those who meet the slow model and those who do not have the same weather, by turns.
        let turns = Array(repeating: [(Kind.calm, few, 5), (.mixed, few, 5)], count: quick ? 1 : 6).joined()
        var parts: [Part] = []
        for (kind, members, seconds) in Self.sizes.map({ (Kind.members($0), $0, quick ? 5 : 60) })
            + [(.slow, few, quick ? 5 : 30)] + turns
        {
            let first = parts.last?.questions.upperBound ?? 0
            parts.append(
                Part(kind: kind, questions: first..<first + seconds * Self.perSecond, members: members))
        }
        self.parts = parts
    }

    func questions(of kind: Kind) -> [Int] { parts.filter { $0.kind == kind }.flatMap(\.questions) }

    /// Whether a question belongs to the members whose model is never slow.
    func isFast(_ question: Int) -> Bool { part(of: question).member(of: question).isMultiple(of: 2) }

    /// How long the model takes for a question.
    func delay(of question: Int) -> Duration {
        switch part(of: question).kind {
        case .slow: Self.slowness
        case .mixed: isFast(question) ? .zero : Self.slowness
        case .members, .calm: .zero
        }
    }

    /// How many members waited too long for one of their answers, in all parts together.
    /// - Parameter times: what each question took in the bot itself, in milliseconds.
    func starvedLanes(_ times: [Double]) -> Int {
        parts.reduce(0) { sum, part in
            sum + Set(part.questions.filter { times[$0] > Self.patience }.map(part.member)).count
        }
    }

    private func part(of question: Int) -> Part { parts.first { $0.questions.contains(question) } ?? parts[0] }
}
