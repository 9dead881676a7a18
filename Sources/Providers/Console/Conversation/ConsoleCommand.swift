import BotKit

/// A line that speaks to the console and not to the bot: `:word arguments`.
enum ConsoleCommand: Sendable, Hashable {
    case help, quit, history
    case sender(PhoneNumber)
    /// `nil` goes back to the direct chat.
    case group(String?)
    /// Quotes the n-th last message, 1 being the newest.
    case quote(Int)
    case file(path: String, caption: String?)
    /// It cannot be done; the words say what is wanted.
    case wrong(String)

    /// What `:help` says.
    static let helpText = """
        :as NUMBER              write as another member
        :group NAME | off       write in a group, or in the direct chat again
        :quote N                quote the N-th last message with the next one
        :image PATH [CAPTION]   send a picture or another file; "quote" a path with spaces
        :history                list the last messages with their numbers
        :quit                   end the conversation (also Ctrl-D)
        ::text                  send a text that begins with a colon
        """

    /// Reads a line; `nil` when it is a message. Only a letter after the colon makes a command, so `:-)` is none.
    init?(_ line: String) {
        guard line.first == ":", line.dropFirst().first?.isLetter == true else { return nil }
        let word = line.dropFirst().prefix { !$0.isWhitespace }
        let arguments = line.dropFirst(1 + word.count).trimmingInvisible
        self = Self.read(word.lowercased(), arguments)
    }

    /// The message that a line is: two colons at its start stand for one.
    static func message(in line: String) -> String { line.hasPrefix("::") ? String(line.dropFirst()) : line }

    private static func read(_ word: String, _ arguments: Substring) -> ConsoleCommand {
        switch word {
        case "help", "h": return .help
        case "quit", "q", "exit": return .quit
        case "history": return .history
        case "as":
            return PhoneNumber(arguments).map { .sender($0) }
                ?? .wrong(":as wants a telephone number of 7 to 15 digits")
        case "group":
            if arguments == "off" { return .group(nil) }
            return ConsoleMessage.isChatName(String(arguments))
                ? .group(String(arguments)) : .wrong(":group wants a name, or off")
        case "quote":
            return Int(arguments).flatMap { (1...1000).contains($0) ? .quote($0) : nil }
                ?? .wrong(":quote wants the number of a message, 1 for the last one; :history lists them")
        case "image", "file": return file(arguments)
        default:
            return .wrong("there is no such command; :help lists them, and :: sends a text that begins with a colon")
        }
    }

    private static func file(_ arguments: Substring) -> ConsoleCommand {
        let path: Substring
        var rest: Substring
        if let mark = arguments.first, mark == "\"" || mark == "'" {
            path = arguments.dropFirst().prefix { $0 != mark }
            rest = arguments.dropFirst(path.count + 2)
        } else {
            path = arguments.prefix { !$0.isWhitespace }
            rest = arguments.dropFirst(path.count)
        }
        rest = rest.trimmingInvisible
        guard !path.isEmpty else { return .wrong(":image wants the path of a file, and perhaps a caption") }
        return .file(path: String(path), caption: rest.isEmpty ? nil : String(rest))
    }
}
