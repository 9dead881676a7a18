import Foundation

/// What the Graph API received, held against what was asked.
struct CrashVerdict: Sendable {
    /// Questions without an answer.
    private(set) var missing: [CrashQuestion] = []
    /// Questions that were answered by two different replies, or twice by one without a reason.
    private(set) var duplicates: [CrashQuestion] = []
    /// Replies that went out a second time because the first send was cut before its answer.
    private(set) var repeats = 0
    /// Questions that were answered after a later one of their chat, in another chat, or from another number.
    private(set) var misplaced: [CrashQuestion] = []
    /// Texts that answer nothing: apologies and the like.
    private(set) var otherTexts = 0

    /// How long before its death a process may have sent what it could not note down any more.
    private static let reach: TimeInterval = 2

    /// - Parameters:
    ///   - replies: the texts that were accepted, in order.
    ///   - cuts: when the process was killed.
    init(_ questions: [CrashQuestion], replies: [EmulatedGraph.Reply], cuts: [Date]) {
        var answers: [CrashQuestion: [EmulatedGraph.Reply]] = [:]
        var newest: [Int: CrashQuestion] = [:]
        for reply in replies {
            let questions = reply.questions
            if questions.isEmpty { otherTexts += 1 }
            for question in questions {
                if reply.user != question.phone || reply.phone_number_id != question.number.phoneNumberID {
                    misplaced.append(question)
                }
                answers[question, default: []].append(reply)
                guard answers[question]?.count == 1 else { continue }
                if let newest = newest[question.chat], question < newest { misplaced.append(question) }
                newest[question.chat] = max(newest[question.chat] ?? question, question)
            }
        }
        missing = questions.filter { answers[$0] == nil }
        let twice = answers.filter { $0.value.count > 1 }
        duplicates = twice.filter { !Self.isRepeat($0.value, cuts) }.keys.sorted()
        repeats = Set(twice.filter { Self.isRepeat($0.value, cuts) }.values.compactMap { $0[1].callback_data }).count
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
