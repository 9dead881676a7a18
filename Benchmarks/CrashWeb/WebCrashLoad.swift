import Synchronization

/// Members who write on and on to a linked account, directly and in groups.
final class WebCrashLoad: Sendable {
    let chats: [WebCrashChat]
    private let web: EmulatedWeb
    private let whatsmeow: WhatsmeowProcess?
    private let seed: UInt64
    private let written = Mutex<[CrashQuestion]>([])
    private let isEnding = Atomic<Bool>(false)

    init(_ chats: [WebCrashChat], web: EmulatedWeb, whatsmeow: WhatsmeowProcess?, seed: UInt64) {
        self.chats = chats
        self.web = web
        self.whatsmeow = whatsmeow
        self.seed = seed
    }

    /// The questions that went out so far.
    var questions: [CrashQuestion] { written.withLock { $0 } }

    /// Lets the members stop.
    func end() { isEnding.store(true, ordering: .relaxed) }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for chat in chats { group.addTask { try await self.write(in: chat) } }
            try await group.waitForAll()
        }
    }

    private func write(in chat: WebCrashChat) async throws {
        var random = SeededRandom(seed: seed &+ UInt64(chat.number) &* 1_000_003)
        var place = 0
        while !isEnding.load(ordering: .relaxed) {
            try await Task.sleep(for: random.milliseconds(100...900))
            let question = CrashQuestion(chat: chat.number, place: place)
            written.withLock { $0.append(question) }
            switch chat.writer {
            case .phone(let number): try await web.send(chat.words(question), from: number, to: chat.address)
            case .whatsmeow: try await whatsmeow?.send(chat.words(question), to: chat.address)
            }
            place += 1
        }
    }
}
