import ArgumentParser
import Foundation

/// `Benchmarks soak`: hours under a steady load, with connections that break.
struct SoakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak", abstract: "Run a built martlet with a linked account for long and see whether it grows.",
        discussion: """
            Members write at a steady pace while the emulator ends the connection at random. The status is 1 when \
            memory or descriptors grow, or an answer is missing or comes twice.

            EXAMPLES
              Benchmarks soak --minutes 30 --martlet .build/release/martlet
            """)

    @Option(help: "How long, after a fifth of it, five minutes at most, that does not count.") var minutes = 30.0
    @Option(help: "The program to watch.") var martlet: String
    @Option(help: "How many messages come a second.") var perSecond = 10
    @Option(help: "Repeats the random choices of another run.") var seed: UInt32?
    @Option(help: "Where the data folder is made; a folder on a disk.") var folder: String?
    @OptionGroup var peers: WebPeerOptions

    func validate() throws {
        guard FileManager.default.isExecutableFile(atPath: martlet) else {
            throw ValidationError("--martlet names no program: \(martlet)")
        }
        guard (0.1...100_000).contains(minutes) else { throw ValidationError("--minutes must be 0.1...100000") }
        guard (1...1_000).contains(perSecond) else { throw ValidationError("--per-second must be 1...1000") }
    }

    func run() async throws {
        let test = SoakTest(
            program: URL(filePath: martlet).standardizedFileURL.path, emulator: peers.emulatorPath,
            seconds: minutes * 60, perSecond: perSecond, seed: UInt64(seed ?? UInt32.random(in: 0 ... .max)),
            folder: folder)
        guard try await test.run() else { throw ExitCode.failure }
    }
}
