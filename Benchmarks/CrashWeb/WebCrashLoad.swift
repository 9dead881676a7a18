import Synchronization

/// Members who write on and on to a linked account, directly and in groups.
final class WebCrashLoad: Sendable {
    let chats: [WebCrashChat]
    private let web: EmulatedWeb
    private let whatsmeow: WhatsmeowProcess?
    private let seed: UInt64
    private let written = Mutex<[CrashQuestion]>([])
    private let sent = Mutex<[String: CrashQuestion]>([:])
    private let isEnding = Atomic<Bool>(false)

    init(_ chats: [WebCrashChat], web: EmulatedWeb, whatsmeow: WhatsmeowProcess?, seed: UInt64) {
        self.chats = chats
        self.web = web
        self.whatsmeow = whatsmeow
        self.seed = seed
    }

    /// The questions that went out so far.
    var questions: [CrashQuestion] { written.withLock { $0 } }

    /// Those of them with an image, by the ids of their messages.
    var images: [String: CrashQuestion] { sent.withLock { $0 } }

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
            place += 1
            // Its library brings images only to servers with TLS, which the emulated ones do without here.
            if question.hasImage, chat.writer == .whatsmeow { continue }
            written.withLock { $0.append(question) }
            try await send(question, in: chat)
        }
    }

    private func send(_ question: CrashQuestion, in chat: WebCrashChat) async throws {
        let words = chat.words(question)
        switch chat.writer {
        case .phone(let number) where question.hasImage:
            let id = try await web.send(question.image, caption: words, from: number, to: chat.address)
            sent.withLock { $0[id] = question }
        case .phone(let number): try await web.send(words, from: number, to: chat.address)
        case .whatsmeow: try await whatsmeow?.send(words, to: chat.address)
        }
    }
}
