import ArgumentParser
import Foundation

/// `Benchmarks crash-web`: the same promise over a linked account, and no key is ever used twice.
struct WebCrashCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash-web",
        abstract: "Kill a built martlet with a linked account at random moments under load and count the answers.",
        discussion: """
            Emulated phones write directly and in groups; with --python, a real whatsmeow client too. A missing or \
            second answer, one out of order, a message that a member cannot decrypt, a key that was used twice, or a \
            damaged store is a violation: then the status is 1.

            EXAMPLES
              Benchmarks crash-web --runs 10 --martlet .build/debug/martlet
              Benchmarks crash-web --runs 200 --martlet .build/debug/martlet --python .venv/bin/python
            """)

    @Option(help: "How often it is killed.") var runs = 20
    @Option(help: "The program to kill.") var martlet: String
    @OptionGroup var peers: WebPeerOptions
    @Option(help: "Repeats the random choices of another run.") var seed: UInt32?
    @Option(help: "How many members write directly.") var chats = 16
    @Option(help: "How many groups of three there are.") var groups = 2
    @Option(help: "Where the data folder is made; a folder on a disk.") var folder: String?

    func validate() throws {
        guard FileManager.default.isExecutableFile(atPath: martlet) else {
            throw ValidationError("--martlet names no program: \(martlet)")
        }
        guard (0...100_000).contains(runs) else { throw ValidationError("--runs must be 0...100000, is \(runs)") }
        guard (0...900).contains(chats), (0...20).contains(groups), chats + groups > 0 else {
            throw ValidationError("--chats must be 0...900 and --groups 0...20, and there must be one")
        }
    }

    func run() async throws {
        let test = WebCrashTest(
            program: URL(filePath: martlet).standardizedFileURL.path, emulator: peers.emulatorPath,
            whatsmeow: peers.whatsmeow, runs: runs, chats: chats, groups: groups,
            seed: UInt64(seed ?? UInt32.random(in: 0 ... .max)), folder: folder)
        guard try await test.run() else { throw ExitCode.failure }
    }
}
