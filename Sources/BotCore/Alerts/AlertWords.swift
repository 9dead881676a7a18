import BotKit
import Foundation

/// An alert in the words that an owner reads.
struct AlertWords: Sendable {
    /// From so much time between an alert and its telling on, the time is said.
    private static let late = Duration.seconds(120)

    let message: AlertMessage

    private var news: AlertNews { message.news }

    /// What has happened, or that it is over.
    var headline: Text {
        let kind = AlertKind.named(news.kind)
        let text = news.isEnd ? kind?.ended : kind?.text
        return (text ?? .something.with(["kind": news.kind])).with(news.values)
    }

    /// An account without what could be somebody's number: of a long one the end is left.
    private static func shown(_ account: String) -> String {
        account.replacing(/[0-9]{7,}/) { "…\($0.output.suffix(4))" }
    }

    /// The headline and what else is to be known, a line each.
    var lines: [Text] {
        var lines = [headline]
        if AlertKind.named(news.kind)?.isAboutAccounts == true, !news.subject.isEmpty {
            lines.append(.account.with(["account": Self.shown(news.subject)]))
        }
        if message.toldAt.timeIntervalSince(news.at) > Self.late.seconds {
            let time = news.at.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false))
            lines.append(.happenedAt.with(["time": time]))
        }
        if message.suppressed > 0 { lines.append(.moreOften.with(["count": "\(message.suppressed)"])) }
        if message.isLastOfHour { lines.append(.lastOfHour) }
        lines.append(.findInLog.with(["reference": news.reference]))
        return lines
    }
}

extension Text {
    fileprivate static let something = Text(
        "alerts.something", en: "Something needs your attention ({kind}). Look into the log.",
        he: "משהו דורש תשומת לב ({kind}). כדאי להסתכל בלוג.")
    fileprivate static let account = Text("alerts.account", en: "Account: {account}", he: "חשבון: {account}")
    fileprivate static let happenedAt = Text("alerts.happened_at", en: "That was at {time}.", he: "זה קרה ב־{time}.")
    fileprivate static let moreOften = Text(
        "alerts.more_often", en: "It happened {count} more times without a message.",
        he: "זה קרה עוד {count} פעמים בלי הודעה.")
    fileprivate static let lastOfHour = Text(
        "alerts.last_of_hour", en: "There were many alerts: the next ones of this hour are only in the log.",
        he: "היו הרבה התראות: הבאות בשעה הזאת יופיעו רק בלוג.")
    fileprivate static let findInLog = Text(
        "alerts.find_in_log", en: "Reference {reference}", he: "אסמכתא {reference}")
}
