import BotKit
import Foundation

/// What was told, and so what need not be told again. It computes; the `AlertDesk` stores it.
struct AlertLedger: Sendable, Equatable {
    struct Key: Sendable, Hashable {
        let kind: String
        let subject: String
    }

    struct Entry: Sendable, Equatable {
        var toldAt: Date?
        /// How often it was raised since then without a word.
        var suppressed = 0
        /// Whether it was told and is not over.
        var isOpen = false
        /// What is still to be told, when there is room and it is not over by then.
        var held: AlertNews?
    }

    /// How long the same is told only once; zero is never too often.
    let repeatAfter: Duration
    /// How many are told in an hour; 0 is no limit.
    let perHour: Int
    /// After how long news is of no use; zero is never.
    let maxAge: Duration
    var entries: [Key: Entry] = [:]
    /// When something was told in the last hour, oldest first.
    var told: [Date] = []

    /// - Returns: what to tell, if anything.
    mutating func take(_ news: AlertNews, at now: Date) -> AlertMessage? {
        let key = Key(kind: news.kind, subject: news.subject)
        if news.isEnd { return end(news, key, at: now) }
        var entry = entries[key] ?? Entry()
        defer { entries[key] = entry }
        guard !isOld(news, at: now) else { return nil }
        let (isQuiet, isFull) = (isQuiet(entry, at: now), isFull(at: now))
        if !isQuiet && !isFull { return tell(news, &entry, at: now) }
        entry.suppressed += news.count
        // A state that came back may last: then it is told when the time has passed.
        let mayLast = AlertKind.named(news.kind)?.ended != nil
        if !entry.isOpen, mayLast || !isQuiet, entry.held == nil { entry.held = news }
        return nil
    }

    private mutating func end(_ news: AlertNews, _ key: Key, at now: Date) -> AlertMessage? {
        guard var entry = entries[key], entry.isOpen || entry.held != nil else { return nil }
        let wasTold = entry.isOpen
        entry.isOpen = false
        entry.held = nil
        entries[key] = entry
        guard wasTold, AlertKind.named(news.kind)?.ended != nil else { return nil }
        return AlertMessage(news: news, toldAt: now)
    }

    /// What was held back and may be told now.
    mutating func due(at now: Date) -> [AlertMessage] {
        var messages: [AlertMessage] = []
        for (key, entry) in entries.sorted(by: { $0.value.held?.at ?? now < $1.value.held?.at ?? now }) {
            guard let held = entry.held else { continue }
            var entry = entry
            if isOld(held, at: now) {
                entry.held = nil
            } else if !isQuiet(entry, at: now), !isFull(at: now) {
                // It is counted among the suppressed already.
                entry.suppressed = max(0, entry.suppressed - held.count)
                messages.append(tell(held, &entry, at: now))
            }
            entries[key] = entry
        }
        return messages
    }

    /// When the first of what is held back may be told.
    func nextDue(at now: Date) -> Date? {
        entries.values.filter { $0.held != nil }.map { entry in
            var time = isQuiet(entry, at: now) ? entry.toldAt?.adding(repeatAfter) ?? now : now
            let recent = told.filter { isRecent($0, at: now) }
            if isFull(at: now) { time = max(time, recent[recent.count - perHour].adding(.seconds(3_600))) }
            return time
        }.min()
    }

    private mutating func tell(_ news: AlertNews, _ entry: inout Entry, at now: Date) -> AlertMessage {
        told = told.filter { isRecent($0, at: now) }
        told.append(now)
        let suppressed = entry.suppressed + news.count - 1
        // What has no end is over when it was told.
        entry = Entry(toldAt: now, isOpen: AlertKind.named(news.kind)?.ended != nil)
        return AlertMessage(news: news, suppressed: suppressed, isLastOfHour: isFull(at: now), toldAt: now)
    }

    // MARK: - Rules

    private func isQuiet(_ entry: Entry, at now: Date) -> Bool {
        // What was told in the future was told before the clock was set back.
        guard let told = entry.toldAt, told <= now else { return false }
        return now < told.adding(repeatAfter)
    }

    private func isFull(at now: Date) -> Bool {
        perHour > 0 && told.count(where: { isRecent($0, at: now) }) >= perHour
    }

    private func isRecent(_ time: Date, at now: Date) -> Bool {
        time <= now && now < time.adding(.seconds(3_600))
    }

    private func isOld(_ news: AlertNews, at now: Date) -> Bool {
        maxAge > .zero && news.at.adding(maxAge) < now
    }
}
