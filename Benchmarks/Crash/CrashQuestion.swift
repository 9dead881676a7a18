/// A question of the crash test: the chat and the place in it stand in its mark.
struct CrashQuestion: Sendable, Hashable, Comparable {
    private static let chatSize = 100_000

    /// 0 ..< 1000.
    let chat: Int
    /// 0 ..< 100 000, in the order in which the member wrote.
    let place: Int

    var token: Token { Token(number: chat * Self.chatSize + place) }

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

    /// The message. In every other chat it is a command, which is answered alone; elsewhere the bot may join what
    /// waits.
    func webhook(at time: Int) -> SignedWebhook {
        let words = "tell me more about \(token.text), please"
        return SignedWebhook(
            [
                SignedWebhook.Message(
                    from: phone, id: "wamid.CRASH\(chat).\(place)",
                    text: chat.isMultiple(of: 2) ? "!gpt \(words)" : words, sentAt: time)
            ], to: number)
    }
}

extension [CrashQuestion] {
    /// Names the first hundred, beside the figures.
    func note(as what: String) {
        for question in prefix(100) { Benchmarks.note("\(what): chat \(question.chat), message \(question.place)") }
    }
}
