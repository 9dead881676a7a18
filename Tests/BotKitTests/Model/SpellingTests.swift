import Testing

@testable import BotKit

/// What somebody may have meant to type.
@Suite struct SpellingTests {
    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("help", "help", 0), ("help", "hlep", 1), ("help", "elp", 1), ("help", "helpp", 1),
        ("help", "held", 1), ("status", "sttaus", 1), ("abc", "xyz", 3), ("שלום", "שולם", 1),
    ])
    func `counts slips`(_ a: String, _ b: String, _ slips: Int) {
        #expect(Spelling.slips(from: Array(a), to: Array(b)) == slips)
        #expect(Spelling.slips(from: Array(b), to: Array(a)) == slips)
    }

    @Test(arguments: [
        ("hlep", 2, "help"), ("help", 2, nil), ("stats", 2, "status"), ("xyzzy", 2, nil), ("helpful", 6, nil),
        ("st", 6, nil),
    ])
    func `finds the nearest name`(_ typed: String, _ limit: Int, _ name: String?) {
        #expect(Spelling.nearest(to: typed, among: ["help", "status", "reset"], within: limit) == name)
    }
}
