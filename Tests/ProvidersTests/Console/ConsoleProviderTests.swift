import BotKit
import Foundation
import Synchronization
import Testing

@testable import Providers

@Suite(.timeLimit(.minutes(2))) struct ConsoleProviderTests {
    let idleLine = #"{"idle":true}"#

    // MARK: - In

    @Test func `a line becomes a message of the console's account`() async throws {
        let bench = try ConsoleBench()
        try await bench.run {
            $0.input.line(#"{"text":"שלום"}"#)
            try await $0.until(lines: 1)
        }
        let message = try #require(await bench.inbox.messages.first)
        #expect(message.chat.rawValue == "console:terminal/15550000001")
        #expect(message.sender.id.rawValue == "console/15550000001")
        #expect(message.sender.phone?.digits == "15550000001")
        #expect(message.content == .text("שלום"))
        #expect(message.sentAt == .console)
        #expect(message.receivedAt == .console)
    }

    @Test func `a bad line is answered with what is wanted, and the next one is read`() async throws {
        let bench = try ConsoleBench()
        try await bench.run {
            $0.input.type("oops\n\n{\"text\":\"hi\"}\n")
            try await $0.until(lines: 2)
        }
        #expect(bench.output.lines.first?.hasPrefix(#"{"error":"a line must be one JSON object"#) == true)
        #expect(bench.output.lines.dropFirst() == [idleLine])
        #expect(await bench.inbox.messages.count == 1)
    }

    @Test func `the last line needs no end`() async throws {
        let bench = try ConsoleBench()
        try await bench.run { $0.input.type(#"{"text":"hi"}"#) }
        #expect(await bench.inbox.messages.count == 1)
        #expect(bench.output.lines == [idleLine])
    }

    @Test func `a full inbox is asked again without a word`() async throws {
        let bench = try ConsoleBench()
        await bench.inbox.fail(with: Outage("inbox", "full"), Outage("inbox", "full"))
        try await bench.run { $0.input.line(#"{"text":"hi"}"#) }
        #expect(await bench.inbox.messages.count == 1)
        #expect(bench.output.lines == [idleLine])
    }

    @Test func `a store that fails is told once and asked again`() async throws {
        let bench = try ConsoleBench()
        await bench.inbox.fail(with: Outage("database", "the disk is full"), Outage("database", "the disk is full"))
        try await bench.run { $0.input.line(#"{"text":"hi"}"#) }
        #expect(await bench.inbox.messages.count == 1)
        #expect(bench.output.lines.count == 2)
        #expect(bench.output.lines.first?.contains("database: the disk is full") == true)
    }

    @Test func `a message that can never be stored is told and left`() async throws {
        let bench = try ConsoleBench()
        await bench.inbox.fail(with: Defect("no such table"))
        try await bench.run { $0.input.type("{\"text\":\"a\"}\n{\"text\":\"b\"}\n") }
        #expect(await bench.inbox.messages.map(\.content) == [.text("b")])
        #expect(bench.output.lines.first == #"{"error":"The message was not stored: no such table."}"#)
    }

    // MARK: - Out

    @Test(arguments: [
        (
            RenderedReply.Content.text("a/b \"c\"\nשלום"),
            #"{"chat":"15550000001","id":"R1","kind":"text","quote":"Q","text":"a/b \"c\"\nשלום"}"#
        ),
        (
            .menu(question: "Which?", options: [.init(id: "!a", title: "A"), .init(id: "!b", title: "B")]),
            #"{"chat":"15550000001","id":"R1","kind":"menu","menu":[{"id":"!a","title":"A"},{"id":"!b","title":"B"}],"#
                + #""quote":"Q","text":"Which?"}"#
        ),
        (
            .media(OutgoingMedia(kind: .image, file: URL(fileURLWithPath: "/tmp/a.png"), mimeType: "image/png")),
            #"{"chat":"15550000001","id":"R1","kind":"media","media":"/tmp/a.png","mime":"image/png","quote":"Q"}"#
        ),
        (
            .link(text: "Look", label: "Open", url: "https://example.org/a"),
            #"{"chat":"15550000001","id":"R1","kind":"link","label":"Open","quote":"Q","text":"Look","#
                + #""url":"https://example.org/a"}"#
        ),
        (
            .locationRequest(text: "Where?"),
            #"{"chat":"15550000001","id":"R1","kind":"location_request","quote":"Q","text":"Where?"}"#
        ),
        (
            .template(name: "news", languageCode: "en", values: ["Dana"], text: "News for Dana"),
            #"{"chat":"15550000001","id":"R1","kind":"template","quote":"Q","template":"news","text":"News for Dana"}"#
        ),
        (.reaction(to: "M", emoji: "👍"), #"{"chat":"15550000001","id":"R1","kind":"reaction","quote":"M","text":"👍"}"#),
    ])
    func `a reply is one line, its keys in order`(content: RenderedReply.Content, line: String) async throws {
        let bench = try ConsoleBench()
        #expect(try await bench.provider.send(ConsoleBench.reply(content, quotes: "Q")) == "R1")
        #expect(bench.output.writes == [line + "\n"])
    }

    @Test func `a reply that is sent twice is shown once`() async throws {
        let bench = try ConsoleBench()
        for id in ["R1", "R1", "R2", "R1"] as [MessageID] {
            #expect(try await bench.provider.send(ConsoleBench.reply(.text("hi"), id: id)) == id)
        }
        #expect(bench.output.writes.count == 2)
    }

    @Test func `a reply that could not be shown is sent again`() async throws {
        let bench = try ConsoleBench()
        bench.output.close()
        let message = ConsoleBench.reply(.text("hi"))
        for _ in 1...2 {
            let failure = await #expect(throws: SendFailure.self) { _ = try await bench.provider.send(message) }
            #expect(failure?.remedy == .retry(after: nil))
        }
    }

    @Test func `the oldest ids are forgotten first`() {
        var ids = RecentIDs(limit: 2)
        let areNew = (["a", "b", "c", "b", "a", "c"] as [MessageID]).map { ids.insert($0) }
        #expect(areNew == [true, true, true, false, true, false])
        ids.remove("c")
        let isNewAgain = ids.insert("c")
        #expect(isNewAgain)
    }

    @Test func `it chooses a new id for each message`() throws {
        let bench = try ConsoleBench()
        let ids = Set((1...100).compactMap { _ in bench.provider.makeMessageID() })
        #expect(ids.count == 100)
        #expect(bench.provider.abilities.choosesMessageIDs)
    }

    @Test func `a script is not told of typing`() async throws {
        let bench = try ConsoleBench()
        try await bench.run {
            $0.input.line(#"{"text":"hi"}"#)
            try await $0.until(lines: 1)
            let message = try #require(await $0.inbox.messages.first)
            await $0.provider.acknowledge(message, typing: true)
        }
        #expect(bench.output.lines == [idleLine])
    }

    // MARK: - Idle

    @Test func `idle is said once, when the bot has become idle`() async throws {
        let bench = try ConsoleBench()
        bench.bot.isIdle = false
        try await bench.run {
            $0.input.line(#"{"text":"one"}"#)
            let asked = $0.bot.asked
            try await $0.until { $0.bot.asked > asked + 3 }
            #expect($0.output.lines.isEmpty)
            _ = try await $0.provider.send(ConsoleBench.reply(.text("answer")))
            $0.bot.isIdle = true
            try await $0.until(lines: 2)
            #expect($0.output.lines.last == idleLine)
            $0.input.line(#"{"text":"two"}"#)
            try await $0.until(lines: 3)
        }
        #expect(bench.output.lines.dropFirst() == [idleLine, idleLine])
    }

    @Test func `lines are read on while a turn runs, so that stop can overtake`() async throws {
        let bench = try ConsoleBench()
        bench.bot.isIdle = false
        try await bench.run {
            $0.input.line(#"{"text":"tell me a long story"}"#)
            try await $0.until { await $0.inbox.messages.count == 1 }
            $0.input.line(#"{"text":"!stop"}"#)
            try await $0.until { await $0.inbox.messages.count == 2 }
            $0.bot.isIdle = true
        }
        #expect(bench.output.lines == [idleLine])
    }

    @Test func `lines that come together are idle together`() async throws {
        let bench = try ConsoleBench()
        try await bench.run { $0.input.type(String(repeating: "{\"text\":\"x\"}\n", count: 50)) }
        #expect(await bench.inbox.messages.count == 50)
        #expect(bench.output.lines == [idleLine])
    }

    @Test func `an input without a line ends without a word`() async throws {
        let bench = try ConsoleBench()
        try await bench.run { _ in }
        #expect(bench.output.writes.isEmpty)
    }

    @Test func `at the end of the input it waits for the answers`() async throws {
        let bench = try ConsoleBench(manualClock: false)
        bench.bot.isIdle = false
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bench.provider.run() }
            bench.input.line(#"{"text":"hi"}"#)
            bench.input.end()
            let asked = bench.bot.asked
            try await bench.until { $0.bot.asked > asked + 3 }
            _ = try await bench.provider.send(ConsoleBench.reply(.text("answer")))
            bench.bot.isIdle = true
            try await group.waitForAll()
        }
        #expect(bench.output.lines.count == 2)
        #expect(bench.output.lines.last == idleLine)
        #expect(await !bench.provider.isConnected)
    }

    @Test func `cancelling ends it, whatever is going on`() async throws {
        let bench = try ConsoleBench()
        bench.bot.isIdle = false
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bench.provider.run() }
            bench.input.line(#"{"text":"hi"}"#)
            try await bench.until { await $0.inbox.messages.count == 1 }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(bench.output.lines.isEmpty)
    }

    @Test func `it ends when nobody reads it any more`() async throws {
        let bench = try ConsoleBench()
        bench.output.close()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bench.provider.run() }
            bench.input.line(#"{"text":"hi"}"#)
            try await group.waitForAll()
        }
        #expect(await bench.inbox.messages.count == 1)
    }

    // MARK: - The clock

    @Test func `a step of the clock moves it exactly`() async throws {
        let bench = try ConsoleBench()
        try await bench.run {
            $0.input.type("{\"advance\":90}\n{\"advance\":0.5}\n{\"advance\":0}\n")
            try await $0.until(lines: 1)
        }
        #expect(abs(bench.clock.now.timeIntervalSince(.console) - 90.5) < 0.002)
        #expect(bench.output.lines == [idleLine])
    }

    @Test func `a step waits until what is due now is done`() async throws {
        let bench = try ConsoleBench()
        bench.bot.isIdle = false
        try await bench.run {
            $0.input.line(#"{"advance":60}"#)
            let asked = $0.bot.asked
            try await $0.until { $0.bot.asked > asked + 3 }
            #expect($0.clock.now == .console)
            $0.bot.isIdle = true
            try await $0.until(lines: 1)
            #expect($0.clock.now > .console)
        }
    }

    @Test func `what sleeps within a step wakes at its own time`() async throws {
        let bench = try ConsoleBench()
        let woken = RecordedTimes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seconds in [600.0, 1800] {
                group.addTask {
                    try await bench.clock.sleep(until: .console.addingTimeInterval(seconds))
                    woken.add(bench.clock.now)
                }
            }
            try await bench.until { $0.clock.wakeTimes.count == 2 }
            // Whoever was woken is at work until it has noted the time, as a job is until its row is gone.
            bench.bot.works { [clock = bench.clock] in clock.wakeTimes.count + woken.times.count < 2 }
            try await bench.run {
                $0.input.line(#"{"advance":3600}"#)
                try await $0.until(lines: 1)
            }
            try await group.waitForAll()
        }
        let waits = woken.times.map { $0.timeIntervalSince(.console) }
        #expect(waits == [600, 1800])
    }

    @Test func `without a manual clock a step is refused`() async throws {
        let bench = try ConsoleBench(manualClock: false)
        try await bench.run {
            $0.input.line(#"{"advance":60}"#)
            try await $0.until(lines: 2)
        }
        #expect(bench.output.lines.first?.contains("--manual-clock") == true)
        #expect(bench.output.lines.last == idleLine)
        #expect(bench.clock.now == .console)
    }

    // MARK: - Options

    @Test func `wrong options name themselves and the remedy`() throws {
        let number = #expect(throws: Misconfiguration.self) { try ConsoleOptions(as: "nobody", environment: [:]) }
        #expect(number?.key == "--as")
        let group = #expect(throws: Misconfiguration.self) { try ConsoleOptions(group: "", environment: [:]) }
        #expect(group?.key == "--group")
        #expect(try ConsoleOptions(environment: ["NO_COLOR": "1"]).colours == false)
        #expect(try ConsoleOptions(environment: ["NO_COLOR": ""]).colours)
    }
}

final class RecordedTimes: Sendable {
    private let recorded = Mutex<[Date]>([])
    var times: [Date] { recorded.withLock { $0 } }
    func add(_ time: Date) { recorded.withLock { $0.append(time) } }
}
