import Foundation
import Synchronization

/// Questions and answers at the terminal.
final class Terminal: Sendable {
    /// How the terminal was before a hidden question; `nil` while nothing is hidden.
    private let shown = Mutex<termios?>(nil)

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
        hide()
        defer { if giveBack() { say() } }
        return ask(question)
    }

    /// Asks for one of some options by number.
    func choose(_ question: String, _ options: [String], suggestion: Int = 0) -> Int? {
        say(question)
        for (index, option) in options.enumerated() { say("  \(index + 1)) \(option)") }
        while let text = ask("Number", suggestion: "\(suggestion + 1)") {
            if let number = Int(text), (1...options.count).contains(number) { return number - 1 }
            say("Please type a number from 1 to \(options.count).")
        }
        return nil
    }

    /// Runs `body`; a signal that ends the program meanwhile leaves the terminal as it was.
    func guarded<Result>(_ body: () async throws -> Result) async throws -> Result {
        let queue = DispatchQueue(label: "martlet.terminal")
        let sources = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { self.end(with: number) }
            return source
        }
        for source in sources {
            // A signal that comes before its source is ready ends the program at once, when nothing is hidden yet.
            await withCheckedContinuation { ready in
                source.setRegistrationHandler { ready.resume() }
                source.resume()
            }
        }
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        giveBack()
        for source in sources {
            await withCheckedContinuation { cancelled in
                source.setCancelHandler { cancelled.resume() }
                source.cancel()
            }
        }
        // The others are the services' from here on; these two have nobody else.
        for number in [SIGHUP, SIGQUIT] { signal(number, SIG_DFL) }
        return try result.get()
    }

    private func hide() {
        var mode = termios()
        guard tcgetattr(STDIN_FILENO, &mode) == 0 else { return }
        shown.withLock { if $0 == nil { $0 = mode } }
        mode.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &mode)
    }

    /// - Parameter forgetting: whether what was typed and not read is dropped, so that nobody shows half a secret.
    /// - Returns: whether anything was hidden.
    @discardableResult
    private func giveBack(forgetting: Bool = false) -> Bool {
        shown.withLock { shown in
            guard var mode = shown else { return false }
            tcsetattr(STDIN_FILENO, forgetting ? TCSAFLUSH : TCSANOW, &mode)
            shown = nil
            return true
        }
    }

    /// Ends the program as the signal would have done without us, so that a shell sees why.
    private func end(with number: Int32) {
        giveBack(forgetting: true)
        say()
        signal(number, SIG_DFL)
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        kill(getpid(), number)
    }
}
