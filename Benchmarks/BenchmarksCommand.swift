import ArgumentParser

/// Figures and the crash test of a built `martlet`.
@main
struct BenchmarksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "Benchmarks", abstract: "Measure a built martlet, or kill it under load and count its answers.",
        subcommands: [BenchCommand.self, CrashCommand.self, WebCrashCommand.self, WebEchoCommand.self])
}
