/// What members were told, in the order of its arrival: the answers, and the receipts of questions with an image.
struct CrashRecord<Reply> {
    private(set) var answers: [CrashQuestion: [Reply]] = [:]
    /// That the work on an image goes on.
    private(set) var receipts: [CrashQuestion: [Reply]] = [:]
    /// Questions that were taken up after a later one of their chat, or answered before their receipt.
    private(set) var disordered: [CrashQuestion] = []
    private var newest: [Int: CrashQuestion] = [:]

    mutating func note(answer reply: Reply, to question: CrashQuestion) {
        answers[question, default: []].append(reply)
        guard answers[question]?.count == 1 else { return }
        // The answer about an image comes when it is made. What keeps the order of the chat is the receipt.
        guard question.hasImage else { return takeUp(question) }
        if receipts[question] == nil { disordered.append(question) }
    }

    mutating func note(receipt reply: Reply, of question: CrashQuestion) {
        receipts[question, default: []].append(reply)
        if receipts[question]?.count == 1 { takeUp(question) }
    }

    private mutating func takeUp(_ question: CrashQuestion) {
        if let newest = newest[question.chat], question < newest { disordered.append(question) }
        newest[question.chat] = max(newest[question.chat] ?? question, question)
    }

    /// - Parameter isRepeat: whether replies are one that went out twice with a reason.
    func images(among questions: [CrashQuestion], except isRepeat: ([Reply]) -> Bool = { _ in false }) -> CrashImages {
        func isDouble(_ replies: [Reply]?) -> Bool { replies.map { $0.count > 1 && !isRepeat($0) } ?? false }
        let images = questions.filter(\.hasImage)
        return CrashImages(
            questions: images.count, missing: images.count { answers[$0] == nil },
            duplicates: images.count { isDouble(answers[$0]) },
            withoutReceipt: images.filter { receipts[$0] == nil },
            withTwoReceipts: images.filter { isDouble(receipts[$0]) })
    }
}

/// What became of the questions with an image: each is to have one receipt, and then one answer.
struct CrashImages: Sendable {
    let questions: Int
    /// How many have no answer; these and the next are named among those of all questions.
    let missing: Int
    /// How many have two.
    let duplicates: Int
    let withoutReceipt: [CrashQuestion]
    let withTwoReceipts: [CrashQuestion]

    /// Whether a text says that the work on an image goes on.
    static func isReceipt(_ text: String) -> Bool { text.hasPrefix("Processing…") }

    var isGood: Bool { missing == 0 && duplicates == 0 && withoutReceipt.isEmpty && withTwoReceipts.isEmpty }

    /// - Parameters:
    ///   - test: what the names of the figures begin with.
    ///   - begunAgain: how many answers the process died over.
    func report(as test: String, begunAgain: Int) {
        Figure("\(test)_image_questions", questions).print()
        Figure("\(test)_image_missing", missing).print()
        Figure("\(test)_image_duplicates", duplicates).print()
        Figure("\(test)_image_receipts_missing", withoutReceipt.count).print()
        Figure("\(test)_image_receipts_duplicates", withTwoReceipts.count).print()
        Figure("\(test)_image_begun_again", begunAgain).print()
        withoutReceipt.note(as: "no receipt")
        withTwoReceipts.note(as: "two receipts")
    }
}
