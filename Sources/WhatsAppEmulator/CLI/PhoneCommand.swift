import ArgumentParser
import Foundation

/// `whatsapp-emulator phone`: the phone of an emulated account in this terminal.
struct PhoneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phone", abstract: "The phone of an emulated account: type as a member, see the answers.",
        discussion: """
            Talks to the control API of a running `whatsapp-emulator web`; the phone itself encrypts and decrypts \
            there. At a terminal it is a conversation; type :help. Otherwise each line of the input is sent, its \
            answer waited for and written, and a line without an answer makes the exit code 1.

            EXAMPLES
              whatsapp-emulator phone \\
                --control http://127.0.0.1:8444 --to 15550000000
              echo '!help' | whatsapp-emulator phone \\
                --control http://127.0.0.1:8444 --to 15550000000
            """)

    @Option(help: "The address of the control API.")
    var control: String

    @Option(help: "The number of this phone.")
    var number = "15550000001"

    @Option(help: "The name of its owner.")
    var name = "Dana"

    @Option(help: "The number to write to.")
    var to: String

    @Option(help: "How many seconds to wait for an answer to a line of a script.")
    var patience = 60.0

    func run() async throws {
        let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        let phone = TerminalPhone(control: control, number: number, partner: to) { text in
            Self.write(isTerminal ? "\r\u{1B}[K← \(text.replacing("\n", with: "\n  "))\n\(Self.prompt)" : text + "\n")
        }
        do {
            try await phone.begin(name: name)
            if isTerminal { try await converse(phone) } else { try await follow(phone) }
        } catch let failure as WebControlClient.Refused {
            complain(failure.description)
            throw ExitCode(1)
        } catch  where !(error is ExitCode) {
            complain("the emulator at \(control) does not answer; is it running? (\(error))")
            throw ExitCode(1)
        }
    }

    private static let prompt = "→ "

    private func converse(_ phone: TerminalPhone) async throws {
        Self.write(Self.prompt)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await phone.watch() }
            for await line in Self.lines() {
                if line == ":quit" { break }
                do {
                    _ = try await phone.take(line)
                } catch let failure as WebControlClient.Refused {
                    complain(failure.description)
                }
                Self.write(Self.prompt)
            }
            group.cancelAll()
            Self.write("\n")
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
    }

    private func follow(_ phone: TerminalPhone) async throws {
        var isAnswered = true
        for await line in Self.lines() {
            if line == ":quit" { break }
            guard try await phone.take(line) else { continue }
            if try await !phone.answered(quiet: .milliseconds(700), patience: .seconds(patience)) {
                complain("no answer came within \(patience) seconds")
                isAnswered = false
            }
        }
        if !isAnswered { throw ExitCode(1) }
    }

    /// The lines of the input, read on a thread of its own.
    private static func lines() -> AsyncStream<String> {
        let (lines, add) = AsyncStream.makeStream(of: String.self)
        DispatchQueue(label: "phone.input").async {
            while let line = readLine() { add.yield(line) }
            add.finish()
        }
        return lines
    }

    private static func write(_ text: String) { try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) }

    private func complain(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data("whatsapp-emulator phone: \(text)\n".utf8))
    }
}
