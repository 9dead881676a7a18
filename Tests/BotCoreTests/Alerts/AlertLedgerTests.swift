import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// What is told, what is counted and what is held back.
@Suite struct AlertLedgerTests {
    private func ledger(minutes: Int = 60, perHour: Int = 20, maxAge: Int = 21_600) -> AlertLedger {
        AlertLedger(repeatAfter: .seconds(minutes * 60), perHour: perHour, maxAge: .seconds(maxAge))
    }

    private func at(_ minutes: Double) -> Date { Date.monday.addingTimeInterval(minutes * 60) }

    private func news(_ kind: String, _ subject: String = "", at minutes: Double = 0, ends: Bool = false) -> AlertNews {
        AlertNews(kind: kind, subject: subject, reference: "R", at: at(minutes), isEnd: ends)
    }

    @Test func `the same is told once in its time, and then with how often it came`() {
        var ledger = ledger()
        #expect(ledger.take(news("dead_letter"), at: at(0))?.suppressed == 0)
        for minute in [1.0, 30, 59.9] { #expect(ledger.take(news("dead_letter", at: minute), at: at(minute)) == nil) }
        #expect(ledger.take(news("dead_job", at: 59), at: at(59)) != nil)
        #expect(ledger.take(news("dead_letter", at: 60), at: at(60))?.suppressed == 3)
        #expect(ledger.take(news("dead_letter", at: 120), at: at(120))?.suppressed == 0)
    }

    @Test func `a clock that was set back by an hour puts nothing off`() {
        var ledger = ledger()
        _ = ledger.take(news("storage"), at: at(0))
        _ = ledger.take(news("storage", at: 5, ends: true), at: at(5))
        #expect(ledger.take(news("storage", at: 10), at: at(10)) == nil)
        #expect(ledger.nextDue(at: at(-50)) == at(-50))
        #expect(ledger.due(at: at(-50)).count == 1)
        #expect(ledger.take(news("storage", at: -49, ends: true), at: at(-49))?.news.isEnd == true)
        // Forth again: once in its time.
        #expect(ledger.take(news("storage", at: 5), at: at(5)) == nil)
        #expect(ledger.take(news("storage", at: 11), at: at(11)) != nil)
    }

    @Test func `each subject is told of`() {
        var ledger = ledger()
        #expect(ledger.take(news("provider_down", "a"), at: at(0)) != nil)
        #expect(ledger.take(news("provider_down", "b"), at: at(0)) != nil)
        #expect(ledger.take(news("provider_down", "a"), at: at(1)) == nil)
    }

    @Test func `an end is told to who was told of the beginning, once`() {
        var ledger = ledger()
        #expect(ledger.take(news("storage", ends: true), at: at(0)) == nil)
        #expect(ledger.take(news("storage"), at: at(0)) != nil)
        #expect(ledger.take(news("storage", at: 5, ends: true), at: at(5))?.news.isEnd == true)
        #expect(ledger.take(news("storage", at: 6, ends: true), at: at(6)) == nil)
        // What is no state has no end.
        #expect(ledger.take(news("dead_job"), at: at(0)) != nil)
        #expect(ledger.take(news("dead_job", ends: true), at: at(0)) == nil)
    }

    @Test func `a state that comes back soon is told when it lasts`() {
        var ledger = ledger()
        _ = ledger.take(news("storage"), at: at(0))
        _ = ledger.take(news("storage", at: 5, ends: true), at: at(5))
        #expect(ledger.take(news("storage", at: 10), at: at(10)) == nil)
        #expect(ledger.nextDue(at: at(10)) == at(60))
        #expect(ledger.due(at: at(59)).isEmpty)
        let late = ledger.due(at: at(60))
        #expect(late.map(\.news.at) == [at(10)] && late[0].suppressed == 0)
        #expect(ledger.take(news("storage", at: 61, ends: true), at: at(61))?.news.isEnd == true)
        // And one that is over by then is not.
        #expect(ledger.take(news("storage", at: 70), at: at(70)) == nil)
        #expect(ledger.take(news("storage", at: 71, ends: true), at: at(71)) == nil)
        #expect(ledger.due(at: at(200)).isEmpty && ledger.nextDue(at: at(200)) == nil)
    }

    @Test func `no more than so many are told in an hour, and what was held back comes later`() {
        var ledger = ledger(perHour: 3)
        let told = (0..<6).map { ledger.take(news("provider_down", "\($0)", at: Double($0)), at: at(Double($0))) }
        #expect(told.map { $0 != nil } == [true, true, true, false, false, false])
        #expect(told[1]?.isLastOfHour == false && told[2]?.isLastOfHour == true)
        #expect(ledger.nextDue(at: at(6)) == at(60))
        #expect(ledger.due(at: at(59.9)).isEmpty)
        #expect(ledger.due(at: at(60)).map(\.news.subject) == ["3"])
        #expect(ledger.take(news("provider_down", "4", at: 60.5, ends: true), at: at(60.5)) == nil)
        #expect(ledger.due(at: at(61)).map(\.news.subject) == ["5"])
        var free = self.ledger(perHour: 0)
        for number in 0..<50 { #expect(free.take(news("dead_job", "\(number)"), at: at(0))?.isLastOfHour == false) }
    }

    @Test func `days-old news is not told`() {
        var ledger = ledger(perHour: 1, maxAge: 3_600)
        #expect(ledger.take(news("storage", at: 0), at: at(61)) == nil)
        #expect(ledger.take(news("dead_job", "x", at: 61), at: at(61)) != nil)
        #expect(ledger.take(news("dead_job", "y", at: 61), at: at(61)) == nil)
        #expect(ledger.due(at: at(300)).isEmpty)
    }

    @Test func `every time is told where repeating is wanted, and a clock that is set back silences nothing`() {
        var always = ledger(minutes: 0)
        for _ in 0..<3 { #expect(always.take(news("dead_job"), at: at(0)) != nil) }
        var ledger = ledger(perHour: 1)
        #expect(ledger.take(news("dead_job", at: 600), at: at(600)) != nil)
        #expect(ledger.take(news("dead_job", at: 0), at: at(0)) != nil)
    }
}
