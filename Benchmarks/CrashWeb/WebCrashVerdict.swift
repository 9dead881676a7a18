/// What the members received, held against what they asked.
struct WebCrashVerdict: Sendable {
    /// Questions without an answer at the member who asked.
    private(set) var missing: [CrashQuestion] = []
    /// Questions that were answered more than once. What a client repeats under one id reaches nobody twice.
    private(set) var duplicates: [CrashQuestion] = []
    /// Questions that were answered after a later one of their chat, or elsewhere.
    private(set) var misplaced: [CrashQuestion] = []
    /// Texts that answer nothing: apologies and the like.
    private(set) var otherTexts: [String] = []

    /// - Parameter replies: in the order of their arrival.
    init(_ questions: [CrashQuestion], in chats: [WebCrashChat], replies: [WebCrashReply]) {
        var answers: [CrashQuestion: Int] = [:]
        var newest: [Int: CrashQuestion] = [:]
        for reply in replies {
            if reply.questions.isEmpty { otherTexts.append(reply.text) }
            for question in reply.questions {
                guard chats.indices.contains(question.chat) else {
                    misplaced.append(question)
                    continue
                }
                let chat = chats[question.chat]
                guard reply.group == (chat.isGroup ? chat.address : nil) else {
                    misplaced.append(question)
                    continue
                }
                // The others of a group see the answer as well.
                guard reply.reader == chat.writer else {
                    if !chat.isGroup { misplaced.append(question) }
                    continue
                }
                answers[question, default: 0] += 1
                guard answers[question] == 1 else { continue }
                if let newest = newest[question.chat], question < newest { misplaced.append(question) }
                newest[question.chat] = max(newest[question.chat] ?? question, question)
            }
        }
        missing = questions.filter { answers[$0] == nil }
        duplicates = answers.filter { $0.value > 1 }.keys.sorted()
    }
}
