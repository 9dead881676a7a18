import BotKit

/// `!stop` ends the answer that is being made.
struct StopCommand: Command {
    let stopsRunningAnswer = true
    let words: Set<String> = ["stop", "עצור", "די"]
    let usage = Text(
        "chat.stop_usage", en: "!stop – stop the answer I am working on; in a group anyone may",
        he: "!stop – לעצור את התשובה שאני מכין; בקבוצה כל אחד יכול")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        [.text(turn.stoppedAnswer ? .stopped : .nothingToStop)]
    }
}

extension Text {
    fileprivate static let stopped = Text("chat.stopped", en: "Stopped.", he: "עצרתי.")
    fileprivate static let nothingToStop = Text(
        "chat.nothing_to_stop", en: "I'm not working on an answer right now.", he: "אני לא מכין תשובה כרגע.")
}
