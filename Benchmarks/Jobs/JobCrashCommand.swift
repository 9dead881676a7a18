import ArgumentParser
import Foundation

/// `Benchmarks crash-jobs`: each stored job has its effect once, whenever the process dies.
struct JobCrashCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash-jobs", abstract: "Kill the job runner at random moments and count what the jobs left.",
        discussion: """
            Jobs of seven kinds over the real store: plain and heavy ones, some that make another necessary, that say \
            something, that are audited, that fail, and that want to run again. The process that does them is killed \
            until none is left. An effect that is missing or there twice makes the status 1.

            EXAMPLE
              Benchmarks crash-jobs --jobs 10000
            """)

    @Option(help: "How many jobs are stored at first.") var jobs = 10_000
    @Option(help: "Repeats the random moments of another run.") var seed: UInt32?
    @Option(help: "Where the store is made; a folder on a disk.") var folder: String?

    func validate() throws {
        guard (1...1_000_000).contains(jobs) else { throw ValidationError("--jobs must be 1...1000000, is \(jobs)") }
    }

    func run() async throws {
        let test = JobCrashTest(
            jobs: jobs, seed: UInt64(seed ?? UInt32.random(in: 0 ... .max)), folder: folder)
        guard try await test.run() else { throw ExitCode.failure }
    }
}
