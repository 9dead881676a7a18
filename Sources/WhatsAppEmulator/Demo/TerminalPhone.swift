import Foundation

/// The phone of an emulated account in a terminal: lines that are typed are sent, what comes is shown.
actor TerminalPhone {
    /// How often the phone looks for news.
    private static let pause = Duration.milliseconds(100)

    private let control: WebControlClient
    private let number: String
    private let partner: String
    private let show: @Sendable (String) -> Void
    /// Where lines go: a number, or the address of a group.
    private var chat: String
    private var shownCount = 0
    private var lastID: String?
    private var lastPoll: String?
    private var lastNews = ContinuousClock.now
    /// What the account itself is called, so that its own messages are not shown.
    private var own: Set<Substring> = []

    /// - Parameters:
    ///   - control: the address of the control API, such as `http://127.0.0.1:8444`.
    ///   - show: gets each text that comes.
    init(control: String, number: String, partner: String, show: @escaping @Sendable (String) -> Void) {
        self.control = WebControlClient(control)
        self.number = number
        self.partner = partner
        self.show = show
        chat = partner
    }

    /// Switches the phone on; what came before is not shown.
    func begin(name: String) async throws {
        let account = try await control.post("/account", ["number": .string(number), "name": .string(name)])
        own = Set([account["jid"]?.text, account["lid"]?.text].compactMap { $0.map(Self.user) })
        shownCount = try await inbox().count
    }

    /// Sends a line, or does what it says when it begins with a colon.
    /// - Returns: whether something was sent that may be answered.
    /// - Throws: `WebControlClient.Refused` with what is wrong with the line.
    func take(_ line: String) async throws -> Bool {
        guard line.hasPrefix(":") else {
            guard !line.allSatisfy(\.isWhitespace) else { return false }
            try await control.post(
                "/phone/send", ["account": .string(number), "to": .string(chat), "text": .string(line)])
            return true
        }
        let words = line.dropFirst().split(separator: " ", maxSplits: 1)
        let rest = words.count > 1 ? String(words[1]) : ""
        switch words.first {
        case "direct": chat = partner
        case "group":
            let group = try await control.post(
                "/phone/group",
                [
                    "account": .string(number), "subject": .string(rest.isEmpty ? "Family" : rest),
                    "participants": [.string(partner)],
                ])
            chat = group["jid"]?.text ?? chat
            show("[you are in a group with the bot; :direct goes back]")
        case "react":
            guard let lastID else { throw WebControlClient.Refused(description: "there is no message to react to yet") }
            try await control.post(
                "/phone/react",
                [
                    "account": .string(number), "to": .string(chat), "id": .string(lastID),
                    "sender": .string(partner), "emoji": .string(rest.isEmpty ? "👍" : rest),
                ])
        case "vote":
            guard let lastPoll else { throw WebControlClient.Refused(description: "there is no poll to vote in yet") }
            guard let option = Int(rest) else {
                throw WebControlClient.Refused(description: "say which option, such as :vote 1")
            }
            try await control.post(
                "/phone/vote",
                [
                    "account": .string(number), "to": .string(chat), "id": .string(lastPoll),
                    "option": .integer(option),
                ])
            return true
        default: show(Self.guide)
        }
        return false
    }

    static let guide = """
        Lines are sent as messages. Lines that begin with a colon are for the phone itself:
          :react EMOJI   react to the latest message
          :vote NUMBER   choose an option of the latest poll
          :group NAME    make a group with the bot and write there; say !help, or !gpt and a question
          :direct        back to the direct chat
          :quit          leave, as Ctrl-D does
        """

    /// Shows what comes until cancelled.
    func watch() async throws {
        while true {
            try await look()
            try await RealTime.pass(Self.pause)
        }
    }

    /// Shows what comes until something has come and nothing more comes for `quiet`.
    /// - Returns: whether something came before `patience` was at its end.
    func answered(quiet: Duration, patience: Duration) async throws -> Bool {
        let (start, countBefore) = (ContinuousClock.now, shownCount)
        while ContinuousClock.now - start < patience {
            try await look()
            if shownCount > countBefore, ContinuousClock.now - lastNews > quiet { return true }
            try await RealTime.pass(Self.pause)
        }
        return shownCount > countBefore
    }

    private func look() async throws {
        let entries = try await inbox()
        for entry in entries.dropFirst(shownCount) {
            guard let text = PhoneLine.text(of: entry) else { continue }
            lastID = entry["id"]?.text
            if entry["type"]?.text == "poll" { lastPoll = lastID }
            show(text)
        }
        if entries.count > shownCount { lastNews = .now }
        shownCount = entries.count
    }

    /// What others wrote.
    private func inbox() async throws -> [EmulatorJSON] {
        try await control.inbox(of: number).filter { !own.contains(Self.user($0["sender"]?.text ?? "")) }
    }

    /// The user of an address without device and server.
    private static func user(_ address: String) -> Substring { address.prefix { $0 != "@" && $0 != ":" } }
}
