/// A part of the benchmark, which gives one or more figures.
protocol Stage: Sendable {
    /// The names of what it gives.
    var figures: [String] { get }
    func run() async throws -> [Figure]
}

/// What all stages share.
struct BenchSetup: Sendable {
    /// The path of the program that is measured.
    let program: String
    /// The path of `whatsapp-emulator`.
    let emulator: String
    /// The client to compare with; nil when it is not there.
    let whatsmeow: WhatsmeowProcess.Source?
    /// Where work folders are made; `nil` leaves it to `WorkFolder`.
    let folder: String?
    /// What is set beside the settings of `MartletServer`.
    let settings: [String: String]
    /// Whether a rough figure in little time is wanted.
    let isQuick: Bool

    func makeFolder(_ name: String) throws -> WorkFolder { try WorkFolder(name, in: folder) }

    func count(_ full: Int, quick: Int) -> Int { isQuick ? quick : full }
}

/// A load of questions with its peers: Graph API, model and ledger.
struct LoadPeers: Sendable {
    let sink: GraphSink
    let model: ModelStub
    let ledger: TurnLedger

    /// - Parameters:
    ///   - questions: how many there will be.
    ///   - delay: how long the model takes for one.
    init(questions: Int, delay: @escaping @Sendable (Token) -> Duration = { _ in .zero }) throws {
        let ledger = TurnLedger(capacity: questions)
        self.ledger = ledger
        sink = try GraphSink { ledger.answer($0) }
        model = try ModelStub(
            marks: { body in Token.last(in: body).map { [$0] } ?? [] },
            delay: { marks in marks.first.map(delay) ?? .zero })
    }

    func setup(_ bench: BenchSetup) -> MartletServer.Setup {
        MartletServer.Setup(
            program: bench.program, graphPort: sink.port, modelPort: model.port, settings: bench.settings)
    }
}

/// The members of the simulated load.
enum LoadUser {
    /// How many take part.
    static let count = 500

    /// The phone of the user who asks question `number`, in a range of fictitious numbers.
    static func phone(_ number: Int) -> String { phone(among: count, number) }

    /// The same among so many members.
    static func phone(among members: Int, _ number: Int) -> String { String(15_550_100_000 + number % members) }
}
