import BotKit
import Foundation

/// `!approve CODE` lets in who waits with the code; `!approve` says who waits.
struct ApproveCommand: Command {
    let book: any AccessBook
    let needs = Permission.admitPeople
    let words: Set<String> = ["approve"]
    let usage = Text(
        "access.approve_usage", en: "!approve [CODE] – who waits to be let in; with a code, let them in",
        he: "!approve [CODE] – מי ממתין לאישור; עם קוד, לאשר")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        guard !arguments.isEmpty else { return try await list(at: turn.receivedAt) }
        guard arguments.utf8.count <= 16, let request = try await book.request(String(arguments), at: turn.receivedAt)
        else { throw Refusal.denial(.noSuchCode, reason: "no_such_code") }
        let lapsed = try await book.doubtfulRole(of: .member(request.member))
        return Answer(
            [lapsed.map { .lines([.letIn, .lapsed($0)]) } ?? .text(.letIn)],
            jobs: [WelcomeAdmitted(chat: request.chat, language: request.language)],
            writes: book.approving(request, at: turn.receivedAt),
            audit: [AuditEntry(.accessChange, of: .member(request.member), details: ["admission": "allowed"])]
                + [lapsed.map { .lapsing($0, of: .member(request.member)) }].compactMap(\.self))
    }

    private func list(at time: Date) async throws -> Answer {
        let requests = try await book.requests(at: time)
        guard !requests.isEmpty else { return [.text(.nobodyWaits)] }
        let lines = requests.map { request in
            let minutes = max(1, Int((request.expiresAt.timeIntervalSince(time) / 60).rounded()))
            return Text.waiting.with([
                "code": request.code, "person": request.phone.map { "+\($0.digits)" } ?? request.member.rawValue,
                "minutes": "\(minutes)",
            ])
        }
        return [.lines(lines)]
    }
}

/// Tells somebody that they were let in.
struct WelcomeAdmitted: Job {
    static let kind = "access.welcome"
    var chat: ChatID
    var language: Language
}

struct WelcomeAdmittedHandler: JobHandler {
    func run(_ work: WelcomeAdmitted, at time: Date) async throws -> JobOutcome {
        .done(deliveries: [Delivery(to: work.chat, in: work.language, [.text(.youAreIn)])])
    }
}

extension Text {
    fileprivate static let noSuchCode = Text(
        "access.no_such_code", en: "Nobody waits with that code. It may have expired; !approve lists the valid ones.",
        he: "אף אחד לא ממתין עם הקוד הזה. אולי פג תוקפו; !approve מציג את התקפים.")
    fileprivate static let letIn = Text(
        "access.let_in", en: "Done. I am telling them.", he: "אושר. אני מודיע לשם.")
    fileprivate static let nobodyWaits = Text(
        "access.nobody_waits", en: "Nobody is waiting.", he: "אף אחד לא ממתין.")
    fileprivate static let waiting = Text(
        "access.waiting", en: "{code}: {person}, valid for {minutes} more minutes",
        he: "{code}: {person}, בתוקף לעוד {minutes} דקות")
    fileprivate static let youAreIn = Text(
        "access.you_are_in", en: "You have been let in. Just write to me.", he: "הבקשה אושרה. אפשר פשוט לכתוב לי.")
}
