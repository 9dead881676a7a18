/// What a test asks at its end: whether everything came, and how.
extension WebControlClient {
    /// Whether every device that is connected has acknowledged all that it was sent.
    func isAllAcknowledged() async throws -> Bool {
        try await get("/devices").items?.allSatisfy {
            $0["connected"]?.flag != true || ($0["pending"]?.whole ?? 0) == 0
        } == true
    }

    /// The ids of the messages that somebody could not read and asked for again.
    func askedAgain() async throws -> Set<String> {
        let lines = try await log(#"type="retry""#)
        return Set(lines.compactMap { $0.firstMatch(of: /\ id="([^"]+)"/).map { String($0.1) } })
    }

    /// The lines of the log that tell of something that must not be: what was refused, or not understood; a key that
    /// was used for two messages.
    /// - Parameter number: whose keys are looked at; nil for everybody's.
    func faults(keysOf number: String? = nil) async throws -> [String] {
        var lines: [String] = []
        for sign in ["UNHANDLED", "REFUSED", "KEY REUSED" + (number.map { " by \($0)" } ?? "")] {
            lines += try await log(sign)
        }
        return lines
    }

    /// The stanzas of a number's first linked device in which an element has an empty content: what has none is written
    /// otherwise.
    func hollowStanzas(of number: String) async throws -> [String] {
        try await log("></").filter { line in
            line.hasPrefix("<- \(number):1@") && line.contains(/<([\w:\-]+)( [^<>]*)?><\/\1>/)
        }
    }
}
