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
