/// What the members received, held against what they asked.
struct WebCrashVerdict: Sendable {
    /// Questions without an answer at the member who asked.
    private(set) var missing: [CrashQuestion] = []
    /// Questions that were answered more than once. What a client repeats under one id reaches nobody twice.
    private(set) var duplicates: [CrashQuestion] = []
    /// Questions that were answered after a later one of their chat, or elsewhere; or, about an image, before their
    /// receipt.
    private(set) var misplaced: [CrashQuestion] = []
    let images: CrashImages
    /// Texts that answer nothing: apologies and the like.
    private(set) var otherTexts: [String] = []

    /// - Parameters:
    ///   - images: the questions with an image, by the ids of their messages.
    ///   - replies: in the order of their arrival.
    init(
        _ questions: [CrashQuestion], images: [String: CrashQuestion], in chats: [WebCrashChat],
        replies: [WebCrashReply]
    ) {
        var record = CrashRecord<WebCrashReply>()
        for reply in replies {
            let received = reply.isReceipt ? reply.quotes.flatMap { images[$0] } : nil
            if reply.questions.isEmpty, received == nil { otherTexts.append(reply.text) }
            for question in reply.questions + [received].compactMap(\.self) {
                switch Self.place(of: reply, to: question, chats) {
                case .wrong: misplaced.append(question)
                case .beside: break
                case .right where question == received: record.note(receipt: reply, of: question)
                case .right: record.note(answer: reply, to: question)
                }
            }
        }
        misplaced += record.disordered
        missing = questions.filter { record.answers[$0] == nil }
        duplicates = record.answers.filter { $0.value.count > 1 }.keys.sorted()
        self.images = record.images(among: questions)
    }

    /// Where a reply came.
    private enum Place {
        /// To the member who asked.
        case right
        /// To the others of a group, who see it as well.
        case beside
        case wrong
    }

    private static func place(
        of reply: WebCrashReply, to question: CrashQuestion, _ chats: [WebCrashChat]
    ) -> Place {
        guard chats.indices.contains(question.chat) else { return .wrong }
        let chat = chats[question.chat]
        guard reply.group == (chat.isGroup ? chat.address : nil) else { return .wrong }
        guard reply.reader == chat.writer else { return chat.isGroup ? .beside : .wrong }
        return .right
    }
}
