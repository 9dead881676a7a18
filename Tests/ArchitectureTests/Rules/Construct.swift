/// Something that the code of the product must not contain.
struct Construct {
    let name: String
    /// Looked for in code, not in comments and strings.
    let pattern: String
    let remedy: String
    /// Where it may stand all the same: the beginning of a path, and why.
    var allowed: [String: String] = [:]
    /// Whether a comment on the line before or on the same line, with the reason, makes it right.
    var mayBeArgued = false

    static let all: [Construct] = [
        Construct(
            name: "an unstructured task", pattern: #"(?<!extension )(?<![\w.])Task\s*(<[^>]*>)?\s*(\([^)]*\))?\s*\{"#,
            remedy: "Run it in a task group or as a service, so that shutdown waits for it.",
            allowed: [
                "Sources/App/": "the program's own start and end",
                "Sources/BotCore/Pipeline/ChatLanes": "one serial task for each active chat",
            ]),
        Construct(
            name: "an unstructured task",
            pattern: #"(?<![\w.])Task\s*(<[^>]*>)?\s*(\.detached|\.init)\b|(?<![\w.])Task\s*(<[^>]*>)?\(\s*operation:"#,
            remedy: "Run it in a task group or as a service, so that shutdown waits for it.",
            allowed: [
                "Sources/App/": "the program's own start and end",
                "Sources/BotCore/Pipeline/ChatLanes": "one serial task for each active chat",
            ]),
        Construct(
            name: "a lock",
            pattern: #"\b(NSLock|NSRecursiveLock|NSCondition|NIOLock|NIOLockedValueBox|pthread_(mutex|rwlock|spin)\w*|"#
                + #"DispatchSemaphore|os_unfair_lock\w*|OSAllocatedUnfairLock)\b"#,
            remedy: "Use an actor, or a Mutex around a small cache."),
        Construct(
            name: "@unchecked Sendable", pattern: #"@unchecked\s+Sendable"#,
            remedy: "Make it a struct, an actor, or a class around a Mutex."),
        Construct(
            name: "nonisolated(unsafe)", pattern: #"nonisolated\(unsafe\)"#, remedy: "Give the state an owner."),
        Construct(name: "try!", pattern: #"\btry!"#, remedy: "Throw on, or handle the error."),
        Construct(name: "as!", pattern: #"\bas!"#, remedy: "Use as? and say what happens otherwise."),
        Construct(
            name: "a forced unwrap", pattern: #"(?<!\btry)(?<!\bas)(?<=[\w)\]}`])!(?!=)"#,
            remedy: "Use guard let, ??, or throw."),
        Construct(
            name: "a deliberate trap without a reason",
            pattern: #"\b(fatalError|preconditionFailure|assertionFailure)\("#,
            remedy: "Say in a comment on the line before what in the program text rules it out.", mayBeArgued: true),
        Construct(
            name: "a sleep on the machine's clock", pattern: #"\bTask\s*(<[^>]*>)?\s*\.sleep\b"#,
            remedy: "Take the time from a TimeSource: what a cancelled Task.sleep waited with stays in memory.",
            allowed: [
                "Sources/Providers/Console/IdlePoll.swift":
                    "the console waits for the bot while the clock that a script moves stands still",
                "Sources/WhatsAppEmulator/": "delays are what it emulates",
                "Sources/WhatsAppWeb/WebTime.swift": "the clock of a library that knows no bot",
            ]),
        Construct(
            name: "print", pattern: #"(?<![\w.])(print|debugPrint|dump|NSLog)\("#,
            remedy: "Log through a Logger, without personal data.",
            allowed: [
                "Sources/App/": "the terminal is its output", "Sources/WhatsAppEmulator/": "the terminal is its output",
            ]),
        Construct(name: "open", pattern: #"\bopen\s+(class|func|var)\b"#, remedy: "Write public, and no subclasses."),
        Construct(
            name: "a singleton", pattern: #"\bstatic\s+(let|var)\s+shared\b"#, remedy: "Pass it through init."),
        Construct(
            name: "a SIMD vector", pattern: #"\bSIMD\d+\b"#,
            remedy: "Use a struct of words: optimized async functions write past their frames with such alignment."),
        Construct(
            name: "mutable global state", pattern: #"\bstatic\s+var\s+\w+\s*(:[^{\n]*)?=[^=]"#,
            remedy: "Keep the state in an instance that has an owner."),
    ]
}
