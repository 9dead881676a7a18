import Foundation

/// Questions and answers at the terminal.
struct Terminal: Sendable {
    func say(_ text: String = "") { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    /// Asks for a line; an empty one means the suggestion.
    /// - Returns: `nil` at the end of the input.
    func ask(_ question: String, suggestion: String? = nil) -> String? {
        let hint = suggestion.map { " [\($0)]" } ?? ""
        FileHandle.standardOutput.write(Data("\(question)\(hint): ".utf8))
        guard let line = readLine()?.trimmingCharacters(in: .whitespaces) else { return nil }
        return line.isEmpty ? suggestion ?? "" : line
    }

    /// Asks for a line that is not shown while it is typed.
    func askSecretly(_ question: String) -> String? {
        var attributes = termios()
        let hides = tcgetattr(STDIN_FILENO, &attributes) == 0
        let before = attributes
        if hides {
            attributes.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSANOW, &attributes)
        }
        defer {
            if hides {
                var restored = before
                tcsetattr(STDIN_FILENO, TCSANOW, &restored)
                say()
            }
        }
        return ask(question)
    }

    /// Asks for one of some options by number.
    func choose(_ question: String, _ options: [String]) -> Int? {
        say(question)
        for (index, option) in options.enumerated() { say("  \(index + 1)) \(option)") }
        while let text = ask("Number", suggestion: "1") {
            if let number = Int(text), (1...options.count).contains(number) { return number - 1 }
            say("Please type a number from 1 to \(options.count).")
        }
        return nil
    }
}
