import ArgumentParser
import BotCore
import BotKit
import Features
import Foundation
import Logging

/// `martlet access`: who may talk with the bot and who may do what, for whoever sits at the machine.
struct AccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access", abstract: "See who has a role and who waits to be let in.",
        discussion: """
            EXAMPLES
              martlet access waiting
              martlet access roles
              martlet access confirm +15550000001
            """,
        subcommands: [Waiting.self, Roles.self, Confirm.self])

    /// `martlet access waiting`.
    struct Waiting: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List who waits to be let in: the code, the number or name, until when.",
            discussion: """
                EXAMPLES
                  martlet access waiting
                """)
        @OptionGroup var sources: ConfigurationOptions

        func run() async throws {
            try await AccessDesk.open(sources) { desk in
                let requests = try await desk.ledger.requests(at: desk.now)
                for request in requests {
                    let person = request.phone.map { "+\($0.digits)" } ?? request.member.rawValue
                    print("\(request.code) \(person) \(request.expiresAt.formatted(.iso8601))")
                }
                if requests.isEmpty { print("none") }
            }
        }
    }

    /// `martlet access roles`.
    struct Roles: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List who has a role.",
            discussion: """
                A role of a number that somebody else writes under by now is marked `doubtful`, and does not count \
                until martlet access confirm.

                EXAMPLES
                  martlet access roles
                """)
        @OptionGroup var sources: ConfigurationOptions

        func run() async throws {
            try await AccessDesk.open(sources) { desk in
                let holders = try await desk.ledger.holders()
                for holder in holders {
                    let marks = [holder.isSet ? "set" : nil, holder.isDoubtful ? "doubtful" : nil].compactMap(\.self)
                    print((["\(holder.role)", holder.person.text] + marks).joined(separator: " "))
                }
                if holders.isEmpty { print("none") }
            }
        }
    }

    /// `martlet access confirm NUMBER`.
    struct Confirm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Trust whoever writes under a number now.",
            discussion: """
                What is decided about a number holds for the person who wrote under it first. When the network says \
                that somebody else has it by now, it holds again after this.

                EXAMPLES
                  martlet access confirm +15550000001
                """)
        @Argument(help: "A telephone number.")
        var number: String
        @OptionGroup var sources: ConfigurationOptions

        func run() async throws {
            guard let phone = PhoneNumber(number) else {
                throw ValidationError("NUMBER is a telephone number of 7 to 15 digits.")
            }
            try await AccessDesk.open(sources) { desk in
                let changes = try await desk.audit.commit(
                    desk.ledger.confirming(phone),
                    recording: [
                        AuditLog.Event(
                            AuditEntry(.roleChange, of: .number(phone), details: ["confirmed": "true"]), by: .terminal)
                    ])
                print(changes[0] > 0 ? "confirmed" : "nothing was in doubt about that number")
            }
        }
    }
}

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
            try await desk.audit.commit(
                desk.ledger.approving(request, at: desk.now) + [welcome],
                recording: [
                    AuditLog.Event(
                        AuditEntry(
                            .accessChange, of: .member(request.member),
                            details: ["admission": Admission.allowed.rawValue]), by: .terminal)
                ])
            print("let in; the bot tells them when it runs")
        }
    }
}

/// What the commands about access work with: the store of a bot that may run meanwhile.
private struct AccessDesk {
    let ledger: AccessLedger
    let audit: AuditLog
    let ids: RowIDs
    let now: Date

    static func open(_ sources: ConfigurationOptions, _ body: (AccessDesk) async throws -> Void) async throws {
        let config = try sources.reader()
        let home = try Home(config)
        let settings = try AccessSettings(config)
        try await Stores.reading(home) { database in
            let ids = RowIDs()
            ids.skip(past: try await BotCore.lastRow(in: database))
            try await body(
                AccessDesk(
                    ledger: AccessLedger(database: database, ids: ids, settings: settings),
                    audit: AuditLog(
                        database: database, key: try AuditKey(home: home.folder),
                        pseudonyms: try Pseudonyms(home: home.folder), sealEvery: 1, time: SystemTime(),
                        logger: .init(label: "access")), ids: ids, now: SystemTime().now))
        }
    }
}
