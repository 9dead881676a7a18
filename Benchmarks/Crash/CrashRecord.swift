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
