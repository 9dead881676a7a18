import BotKit
import Foundation
import Testing

@Suite struct RowIDsTests {
    let noon = Date(milliseconds: 1_767_225_600_000)

    @Test func `grow with the clock and within one millisecond`() {
        let ids = RowIDs()
        let made = [noon, noon, noon.addingTimeInterval(1)].map { ids.next(at: $0) }
        #expect(made == [noon.milliseconds << 20, noon.milliseconds << 20 + 1, (noon.milliseconds + 1000) << 20])
    }

    @Test func `grow when the clock is set back, or out of all bounds`() {
        let ids = RowIDs()
        var last = ids.next(at: noon)
        for time in [noon.addingTimeInterval(-3600), .distantPast, noon, .distantFuture, .distantFuture] {
            let next = ids.next(at: time)
            #expect(next > last)
            last = next
        }
    }

    @Test func `start after what is stored`() {
        let stored = (noon.milliseconds + 10) << 20
        #expect(RowIDs(after: stored).next(at: noon) == stored + 1)
    }

    @Test func `of processes with a lane each are never the same, and grow all the same`() {
        let lanes = [RowIDs(lane: 0), RowIDs(lane: 1), RowIDs(lane: 1_023), RowIDs.beside()]
        var made: Set<Int64> = []
        for (index, ids) in lanes.dropLast().enumerated() {
            var last: Int64 = 0
            for time in [noon, noon, noon.addingTimeInterval(-60), noon.addingTimeInterval(0.001)] {
                let next = ids.next(at: time)
                #expect(next > last && made.insert(next).inserted)
                #expect(next % RowIDs.lanes == [0, 1, 1_023][index])
                last = next
            }
            ids.skip(past: last + 5_000)
            #expect(ids.next(at: noon) > last + 5_000)
        }
        #expect(lanes[3].next(at: noon) % RowIDs.lanes > RowIDs.workerLanes.upperBound)
    }

    @Test func `are never given twice`() async {
        let ids = RowIDs()
        let made = await withTaskGroup(of: [Int64].self) { group in
            for _ in 1...8 { group.addTask { [noon] in (1...500).map { _ in ids.next(at: noon) } } }
            return await group.reduce(into: Set<Int64>()) { $0.formUnion($1) }
        }
        #expect(made.count == 4000)
    }
}

@Suite struct IdentifierTests {
    @Test func `take themselves apart`() {
        let chat = ChatID(account: AccountID(provider: "cloud", name: "15550000001"), name: "dana/home")
        #expect(chat.rawValue == "cloud:15550000001/dana/home")
        #expect(chat.account.provider == "cloud")
        #expect(chat.account.name == "15550000001")
        #expect(chat.name == "dana/home")
    }

    @Test func `do not show what they hold`() {
        #expect("\(MemberID(provider: "cloud", name: "15550000001"))" == "MemberID(…)")
        #expect(PhoneNumber("15550000001").map { "\($0)" } == "PhoneNumber(…)")
    }
}

@Suite struct PhoneNumberTests {
    @Test(arguments: [
        "15550000001", "+1 (555) 000-0001", "1.555.000.0001", "15550000001@c.us", "+15550000001@s.whatsapp.net",
    ])
    func `reads the ways to write a number`(_ text: String) {
        #expect(PhoneNumber(text)?.digits == "15550000001")
    }

    @Test(arguments: [
        "", "@c.us", "123456", "1234567890123456", "dana", "1555000000a", "١٥٥٥٠٠٠٠٠٠١", "15550000001:12@c.us",
        "1555\u{202E}0000001",
    ])
    func `refuses what is no number`(_ text: String) {
        #expect(PhoneNumber(text) == nil)
    }
}

@Suite struct LanguageTests {
    @Test(arguments: [
        ("hello there", "en"), ("שלום", "he"), ("מה זה https://example.com/path", "he"),
        ("תסביר לי מה זה Kubernetes", "he"),
        ("שָׁלוֹם", "he"), ("the word שלום means peace and more than that", "en"), ("Über", "en"),
    ])
    func `is seen by the script`(_ text: String, _ code: String) {
        #expect(Language.detected(in: text)?.rawValue == code)
    }

    @Test(arguments: ["", "12345", "👍👍👍", "ok", "https://example.com/", "א", "\u{202E}\u{200F}", "привет"])
    func `is unknown when there are too few letters of ours`(_ text: String) {
        #expect(Language.detected(in: text) == nil)
    }

    @Test func `looks only at the beginning of a long text`() {
        #expect(Language.detected(in: String(repeating: "1", count: 500) + "hello there") == nil)
    }
}

@Suite struct PhrasebookTests {
    let text = Text("test.greeting", en: "Hello {name}, {count} new.", he: "שלום {name}, {count} חדשות.")
    let book = Phrasebook(overlays: ["fr": ["test.greeting": "Bonjour {name}, {count}."]])

    @Test func `fills the places in each language`() {
        let filled = text.with(["name": "Dana", "count": "3"])
        #expect(book.string(filled, in: .english) == "Hello Dana, 3 new.")
        #expect(book.string(filled, in: "fr") == "Bonjour Dana, 3.")
    }

    @Test func `isolates left-to-right values in a Hebrew sentence, and only those`() {
        let latin = book.string(text.with(["name": "Dana", "count": "3"]), in: .hebrew)
        #expect(latin == "שלום \u{2066}Dana\u{2069}, \u{2066}3\u{2069} חדשות.")
        #expect(book.string(text.with(["name": "דנה", "count": "שלוש"]), in: .hebrew) == "שלום דנה, שלוש חדשות.")
    }

    @Test func `falls back to English`() {
        #expect(book.string(text.with(["name": "Omer", "count": "1"]), in: "de") == "Hello Omer, 1 new.")
        #expect(book.languages == ["en", "he", "fr"])
    }

    @Test func `does not look into values again`() {
        let filled = text.with(["name": "{count}", "count": "3"])
        #expect(book.string(filled, in: .english) == "Hello {count}, 3 new.")
    }

    @Test func `leaves a place without a value, and a brace without its end`() {
        #expect(book.string(text.with(["name": "Dana"]), in: .english) == "Hello Dana, {count} new.")
        let open = Text("test.open", en: "a { b", he: "א { ב").with(["b": "c"])
        #expect(book.string(open, in: .english) == "a { b")
        let both = Text("test.both", en: "a { b {c}", he: "א").with(["c": "d"])
        #expect(book.string(both, in: .english) == "a { b d")
    }

    @Test func `later values replace earlier ones`() {
        #expect(text.with(["name": "Dana"]).with(["name": "Omer"]).values == ["name": "Omer"])
    }
}
