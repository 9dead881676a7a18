import ArgumentParser
import Foundation

/// `Benchmarks crash`: every message has exactly one answer, whenever the process dies.
struct CrashCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash", abstract: "Kill a built martlet at random moments under load and count the answers.",
        discussion: """
            The members write to two numbers of one business, each to both. A reply whose sending was cut before its \
            answer may go out twice; such repeats are counted and are no violation. Any other second answer, a missing \
            one, one out of order, one from the wrong number, or a damaged store is: then the status is 1. What is \
            random comes from the seed, as far as the timing of processes allows.

            EXAMPLES
              Benchmarks crash --runs 20 --martlet .build/debug/martlet
              Benchmarks crash --runs 200 --martlet .build/debug/martlet --seed 4711
            """)

    @Option(help: "How often it is killed.") var runs = 20
    @Option(help: "The program to kill.") var martlet: String
    @Option(help: "The emulated Graph API; by default the whatsapp-emulator beside this program.") var emulator: String?
    @Option(help: "Repeats the random choices of another run.") var seed: UInt32?
    @Flag(help: "No news of sent messages ever comes, so every send that was cut is repeated.") var withoutStatuses =
        false
    @Option(help: "How many chats there are; half of them with the second number.") var chats = 40
    @Option(help: "Where the data folder is made; a folder on a disk.") var folder: String?

    func validate() throws {
        for (option, path) in [("--martlet", martlet), ("--emulator", emulatorPath)] {
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw ValidationError("\(option) names no program: \(path)")
            }
        }
        guard (0...100_000).contains(runs) else { throw ValidationError("--runs must be 0...100000, is \(runs)") }
        guard (1...1_000).contains(chats) else { throw ValidationError("--chats must be 1...1000, is \(chats)") }
    }

    private var emulatorPath: String {
        let own = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return URL(filePath: emulator ?? own.appending(path: "whatsapp-emulator").path).standardizedFileURL.path
    }

    func run() async throws {
        let test = CrashTest(
            program: URL(filePath: martlet).standardizedFileURL.path, emulator: emulatorPath, runs: runs, chats: chats,
            seed: UInt64(seed ?? UInt32.random(in: 0 ... .max)), hasStatuses: !withoutStatuses, folder: folder)
        guard try await test.run() else { throw ExitCode.failure }
    }
}
