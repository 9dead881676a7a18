import BotKit

/// What one check found.
enum Finding: Equatable {
    case ok(String)
    case problem(String, remedy: String)
    /// It works, and could be safer.
    case advice(String, remedy: String)

    /// A failure, with its own remedy or the given one.
    init(_ error: any Error, remedy: String) {
        if let problem = error as? Misconfiguration {
            self = .problem("\(problem.key) \(problem.problem)", remedy: problem.remedy)
        } else {
            self = .problem(error.safeDescription, remedy: remedy)
        }
    }

    /// A line for the terminal: `ok`, or `problem` or `advice` and what to do.
    func line(_ subject: String) -> String {
        switch self {
        case .ok(let detail): "ok       \(subject): \(detail)"
        case .problem(let problem, let remedy): "problem  \(subject): \(problem)\n  remedy \(remedy)"
        case .advice(let problem, let remedy): "advice   \(subject): \(problem)\n  remedy \(remedy)"
        }
    }

    var isProblem: Bool { if case .problem = self { true } else { false } }
}
