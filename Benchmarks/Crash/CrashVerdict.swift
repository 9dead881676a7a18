import Foundation

/// What the Graph API received, held against what was asked.
struct CrashVerdict: Sendable {
    /// Questions without an answer.
    private(set) var missing: [CrashQuestion] = []
    /// Questions that were answered by two different replies, or twice by one without a reason.
    private(set) var duplicates: [CrashQuestion] = []
    /// Replies that went out a second time because the first send was cut before its answer.
    private(set) var repeats = 0
    /// Questions that were answered after a later one of their chat, in another chat, or from another number; or, about
    /// an image, before their receipt.
    private(set) var misplaced: [CrashQuestion] = []
    let images: CrashImages
    /// Texts that answer nothing: apologies and the like.
    private(set) var otherTexts = 0

    /// How long before its death a process may have sent what it could not note down any more.
    private static let reach: TimeInterval = 2

    /// - Parameters:
    ///   - replies: the texts that were accepted, in order.
    ///   - cuts: when the process was killed.
    init(_ questions: [CrashQuestion], replies: [EmulatedGraph.Reply], cuts: [Date]) {
        let asked = Dictionary(
            questions.filter(\.hasImage).map { ($0.messageID, $0) }, uniquingKeysWith: { first, _ in first })
        var record = CrashRecord<EmulatedGraph.Reply>()
        for reply in replies {
            let answered = reply.questions
            let received = reply.isReceipt ? reply.context_id.flatMap { asked[$0] } : nil
            if answered.isEmpty, received == nil { otherTexts += 1 }
            if let received { record.note(receipt: reply, of: received) }
            for question in answered { record.note(answer: reply, to: question) }
            misplaced += (answered + [received].compactMap(\.self)).filter {
                reply.user != $0.phone || reply.phone_number_id != $0.number.phoneNumberID
            }
        }
        misplaced += record.disordered
        missing = questions.filter { record.answers[$0] == nil }
        duplicates = record.answers.filter { $0.value.count > 1 && !Self.isRepeat($0.value, cuts) }.keys.sorted()
        repeats =
            Set(
                (Array(record.answers.values) + record.receipts.values).filter { Self.isRepeat($0, cuts) }
                    .compactMap { $0[1].callback_data }
            ).count
        images = record.images(among: questions) { Self.isRepeat($0, cuts) }
    }

    /// Whether all are one reply, sent once more, after a death of the process swallowed the answer to the first send.
    private static func isRepeat(_ replies: [EmulatedGraph.Reply], _ cuts: [Date]) -> Bool {
        guard replies.count == 2, let mark = replies[0].callback_data, mark == replies[1].callback_data else {
            return false
        }
        return cuts.contains { cut in
            let time = cut.timeIntervalSince1970
            return replies[0].time < time && time < replies[1].time && time - replies[0].time < reach
        }
    }
}
