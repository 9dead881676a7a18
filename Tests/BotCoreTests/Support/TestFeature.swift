import BotKit
import Foundation
import TestKit

/// A feature made of parts that a test brings.
struct TestFeature: Feature {
    static let name = "test"
    var responders: [any Responder] = []
    var guards: [any Guard] = []
    var watchers: [any Watcher] = []
    var jobs: [any JobHandler] = []
    var schedules: [Schedule] = []
}

/// Answers every turn that no command takes, as a test wants.
struct Answerer: Responder {
    var needs = Permission.everyone
    var takesTime = false
    var costs = false
    var accepting: @Sendable (Turn) -> Bool = { CommandCall($0) == nil }
    var weighing: @Sendable (Turn) -> Bool = { _ in false }
    var answering: @Sendable (Turn) async throws -> Answer

    func accepts(_ turn: Turn) -> Bool { accepting(turn) }
    func isHeavy(_ turn: Turn) -> Bool { weighing(turn) }
    func answer(_ turn: Turn) async throws -> Answer { try await answering(turn) }

    /// Says what it heard: `re: hello`.
    static let echo = Answerer { [.verbatim("re: \($0.text)")] }

    /// Notes what it heard, waits at the door, and says it.
    static func echo(behind door: Door, noting seen: Recorder<String> = Recorder()) -> Answerer {
        Answerer { turn in
            seen.add(turn.text)
            try await door.pass()
            return [.verbatim(turn.text)]
        }
    }
}

/// A command that answers as a test wants.
struct TestCommand: Command {
    let words: Set<String>
    var needs = Permission.everyone
    var stopsRunningAnswer = false
    var takesSentences = false
    var namesSettings = false
    var usage = Text("test.usage", en: "usage", he: "שימוש")
    var answering: @Sendable (Turn, Substring) async throws -> Answer

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer { try await answering(turn, arguments) }

    static let stop = TestCommand(words: ["stop"], stopsRunningAnswer: true) { turn, _ in
        [.verbatim(turn.stoppedAnswer ? "stopped" : "nothing to stop")]
    }
}

/// A guard that does what a test wants.
struct TestGuard: Guard {
    var checking: @Sendable (Turn) async throws -> Void
    func check(_ turn: Turn) async throws { try await checking(turn) }
}

/// A watcher that does what a test wants.
struct TestWatcher: Watcher {
    var seeing: @Sendable (Turn) async throws -> [any Job]
    func see(_ turn: Turn) async throws -> [any Job] { try await seeing(turn) }
}

/// Work with a name.
struct Errand: Job {
    static let kind = "test.errand"
    var name: String
}

/// Work of another kind.
struct Chore: Job {
    static let kind = "test.chore"
    var name: String
}

/// Does jobs as a test wants.
struct TestHandler<Work: Job>: JobHandler {
    var concurrency = 4
    var running: @Sendable (Work, Date) async throws -> JobOutcome
    func run(_ work: Work, at time: Date) async throws -> JobOutcome { try await running(work, time) }
}

extension Text {
    static let no = Text("test.no", en: "No.", he: "לא.")
}
