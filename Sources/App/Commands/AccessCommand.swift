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
                try await desk.audit.note(reading: "access waiting")
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
                A role of a number that somebody else writes under by now, or of a member whose number has changed, is \
                marked `doubtful`, and does not count until martlet access confirm.

                EXAMPLES
                  martlet access roles
                """)
        @OptionGroup var sources: ConfigurationOptions

        func run() async throws {
            try await AccessDesk.open(sources) { desk in
                let holders = try await desk.ledger.holders()
                try await desk.audit.note(reading: "access roles")
                for holder in holders {
                    let marks = [holder.isSet ? "set" : nil, holder.isDoubtful ? "doubtful" : nil].compactMap(\.self)
                    print(([holder.role.word, holder.person.text] + marks).joined(separator: " "))
                }
                if holders.isEmpty { print("none") }
            }
        }
    }

    /// `martlet access confirm PERSON`.
    struct Confirm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Trust whoever writes under a number now, or a member with the number that they have now.",
            discussion: """
                What is decided about a number holds for the person who wrote under it first. When the network says \
                that somebody else has it by now, it holds again after this. So does what is decided about a member \
                whose number has changed: martlet access roles has their names.

                EXAMPLES
                  martlet access confirm +15550000001
                  martlet access confirm cloud/u12
                """)
        @Argument(help: "A telephone number, or a member's name.")
        var person: String
        @OptionGroup var sources: ConfigurationOptions

        func run() async throws {
            guard let person = Person(person) else {
                throw ValidationError("PERSON is a telephone number of 7 to 15 digits, or a name such as cloud/u12.")
            }
            try await AccessDesk.open(sources) { desk in
                guard try await desk.ledger.isInDoubt(person) else {
                    return print("nothing was in doubt about them")
                }
                let entry = AuditEntry(.roleChange, of: person.party, details: ["confirmed": "true"])
                try await desk.audit.commit(
                    desk.ledger.confirming(person), recording: [AuditLog.Event(entry, by: .terminal)])
                print("confirmed")
            }
        }
    }
}
