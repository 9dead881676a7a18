import ArgumentParser

/// Figures and the crash test of a built `martlet`.
@main
struct BenchmarksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Benchmarks",
        abstract: "Measure a built martlet, kill it under load and count its answers, or watch it for hours.",
        subcommands: [
            BenchCommand.self, CrashCommand.self, WebCrashCommand.self, JobCrashCommand.self, SoakCommand.self,
            WebEchoCommand.self, JobWorkerCommand.self,
        ])
}
