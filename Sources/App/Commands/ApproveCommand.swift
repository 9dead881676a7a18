import ArgumentParser
import BotCore
import BotKit
import Features

/// `martlet approve CODE`.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Let in somebody who waits with a code.",
        discussion: """
            With ACCESS_POLICY=pairing, whom the bot does not know gets a code, to be passed on to you.

            EXAMPLES
              martlet approve K7QXM2PD
            """)
    @Argument(help: "The code.")
    var code: String
    @OptionGroup var sources: ConfigurationOptions

    func run() async throws {
        try await AccessDesk.open(sources) { desk in
            guard code.utf8.count <= 16, let request = try await desk.ledger.request(code, at: desk.now) else {
                throw Misconfiguration(
                    "the code", "is nobody's, or has expired", remedy: "martlet access waiting lists the valid ones.")
            }
            let welcome = try SQL.enqueue(
                AccessFeature.welcome(request), id: desk.ids.next(at: desk.now), at: desk.now)
            let lapsed = try await desk.ledger.doubtfulRole(of: .member(request.member))
            let changes =
                [
                    AuditEntry(
                        .accessChange, of: .member(request.member),
                        details: ["admission": Admission.allowed.rawValue])
                ] + [lapsed.map { .lapsing($0, of: .member(request.member)) }].compactMap(\.self)
            try await desk.audit.commit(
                desk.ledger.approving(request, at: desk.now) + [welcome],
                recording: changes.map { AuditLog.Event($0, by: .terminal) })
            if let lapsed { print("their number has changed since they became \(lapsed.word): that is over") }
            print("let in; the bot tells them, within a minute when it runs")
        }
    }
}
