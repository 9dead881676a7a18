/// A question of the crash tests: the chat and the place in it stand in its mark.
struct CrashQuestion: Sendable, Hashable, Comparable {
    private static let chatSize = 100_000
    private static let shareWithImage = 0.1

    /// 0 ..< 1000.
    let chat: Int
    /// 0 ..< 100 000, in the order in which the member wrote.
    let place: Int

    var token: Token { Token(number: chat * Self.chatSize + place) }

    /// Whether it is asked about an image: then it is heavy work, and the mark stands in the image alone.
    var hasImage: Bool {
        var random = SeededRandom(seed: UInt64(token.number))
        return random.happens(Self.shareWithImage)
    }

    /// The image that it is about.
    var image: [UInt8] { DotPicture.bytes(with: token) }

    /// What it says.
    /// - Parameter isCommand: whether it is answered alone; otherwise the bot may join what waits.
    func words(isCommand: Bool) -> String {
        let words = hasImage ? "what do you see here, please?" : "tell me more about \(token.text), please"
        return isCommand ? "!gpt \(words)" : words
    }

    /// The numbers that members write to.
    static let numbers = [SignedWebhook.number, SignedWebhook.secondNumber]

    /// The member who asks, a fictitious number. Each has a chat with both numbers, so that an answer from the wrong
    /// one would stand in a chat that there is.
    var phone: String { String(15_550_200_000 + chat / 4 * 2 + chat % 2) }

    /// The number that is asked.
    var number: SignedWebhook.BusinessNumber { Self.numbers[chat / 2 % 2] }

    init(chat: Int, place: Int) {
        self.chat = chat
        self.place = place
    }

    init(_ token: Token) {
        chat = token.number / Self.chatSize
        place = token.number % Self.chatSize
    }

    static func < (one: CrashQuestion, other: CrashQuestion) -> Bool { one.token.number < other.token.number }

    /// The name of its message at the official API.
    var messageID: String { "wamid.CRASH\(chat).\(place)" }

    /// The message at the official API. In every other chat it is a command.
    /// - Parameter file: the id of its image.
    func webhook(at time: Int, file: String?) -> SignedWebhook {
        SignedWebhook(
            [
                SignedWebhook.Message(
                    from: phone, id: messageID, text: words(isCommand: chat.isMultiple(of: 2)), image: file,
                    sentAt: time)
            ], to: number)
    }
}

extension [CrashQuestion] {
    /// Names the first hundred, beside the figures.
    func note(as what: String) {
        for question in prefix(100) { Benchmarks.note("\(what): chat \(question.chat), message \(question.place)") }
    }
}
