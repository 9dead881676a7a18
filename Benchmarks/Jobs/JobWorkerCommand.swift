import ArgumentParser
import BotCore
import BotKit
import Foundation

/// `Benchmarks job-worker`: does the stored jobs of a folder until it is killed.
struct JobWorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job-worker", abstract: "Do the stored jobs of a folder.", discussion: "What `crash-jobs` kills.",
        shouldDisplay: false)

    @Option(help: "The folder of the store.") var folder: String

    func run() async throws {
        let ids = RowIDs()
        let core = try await BareCore(
            URL(filePath: folder, directoryHint: .isDirectory), CountedJobsFeature(ids: ids), ids: ids,
            // A job that was begun often is none that ends the process: it is killed all the time.
            settings: ["JOB_RETRY_MILLISECONDS": "1", "JOB_MAX_ATTEMPTS": "0"])
        try await core.jobs.run()
    }
}
