import BotKit

/// `!stop` ends the answer that is being made, and what its member has in the queue.
struct StopCommand: Command {
    let queue: any WorkQueue
    let stopsRunningAnswer = true
    let words: Set<String> = ["stop", "עצור", "די"]
    let usage = Text(
        "chat.stop_usage",
        en: "!stop – stop the answer I am working on (in a group anyone may), and what waits in the queue for you",
        he: "!stop – לעצור את התשובה שאני מכין (בקבוצה כל אחד יכול), ואת מה שממתין בתור בשבילך")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        let cancelled = try await queue.cancel(of: turn.member.id, in: turn.chat.id)
        let hasStopped = turn.stoppedAnswer || cancelled.count > 0
        return Answer([.text(hasStopped ? .stopped : .nothingToStop)], writes: cancelled.writes)
    }
}

extension Text {
    fileprivate static let stopped = Text("chat.stopped", en: "Stopped.", he: "עצרתי.")
    fileprivate static let nothingToStop = Text(
        "chat.nothing_to_stop", en: "I'm not working on an answer right now.", he: "אני לא מכין תשובה כרגע.")
}
