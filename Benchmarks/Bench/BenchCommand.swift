import ArgumentParser
import Foundation

/// `Benchmarks bench`: every figure, one a line.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure a built martlet: name, value and unit on a line each.",
        discussion: """
            The program is started for real, several times, on fresh data folders on a disk. Everything that it talks \
            to runs inside this one, on the same processors; docs/benchmarks.md says what each figure means.

            EXAMPLES
              Benchmarks bench --martlet .build/release/martlet
              Benchmarks bench --martlet .build/release/martlet --only turns_per_second,turn_own_ms_p99 --quick
              Benchmarks bench --martlet .build/release/martlet --only turns_per_second --set FLOOD_LIMIT=0
            """)

    @Option(help: "The program to measure.") var martlet: String
    @OptionGroup var peers: WebPeerOptions
    @Option(help: "Only these figures, with commas between.") var only: String?
    @Flag(help: "Rough figures in a quarter of the time.") var quick = false
    @Option(help: "Where data folders are made; a folder on a disk.") var folder: String?
    @Option(help: "A setting of the program that is measured, NAME=VALUE; may be given several times.")
    var set: [String] = []
    @Option(help: "How many members wait for an answer at a time in turns_per_second; divides 500.") var atOnce = 100

    func validate() throws {
        guard FileManager.default.isExecutableFile(atPath: martlet) else {
            throw ValidationError("--martlet names no program: \(martlet)")
        }
        guard atOnce > 0, LoadUser.count % atOnce == 0 else {
            throw ValidationError("--at-once must divide \(LoadUser.count), is \(atOnce)")
        }
        if let wrong = set.first(where: { !$0.contains("=") }) {
            throw ValidationError("--set takes NAME=VALUE, is \(wrong)")
        }
        let unknown = wanted?.subtracting(stages.flatMap(\.figures)) ?? []
        guard unknown.isEmpty else {
            throw ValidationError(
                "--only names unknown figures: \(unknown.sorted().joined(separator: ", ")); there are "
                    + stages.flatMap(\.figures).joined(separator: ", "))
        }
    }

    func run() async throws {
        for stage in stages where wanted?.isDisjoint(with: stage.figures) != true {
            for figure in try await stage.run() where wanted?.contains(figure.name) != false { figure.print() }
        }
    }

    private var wanted: Set<String>? {
        only.map { Set($0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }) }
    }

    private var settings: [String: String] {
        let pairs = set.map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        return Dictionary(pairs.map { ($0[0], $0[1]) }) { _, last in last }
    }

    private var stages: [any Stage] {
        let path = URL(filePath: martlet).standardizedFileURL.path
        let bench = BenchSetup(
            program: path, emulator: peers.emulatorPath, whatsmeow: peers.whatsmeow, folder: folder,
            settings: settings, isQuick: quick)
        return [
            BinaryStage(bench: bench), StartStage(bench: bench), ThroughputStage(bench: bench, atOnce: atOnce),
            LatencyStage(bench: bench), LoadStage(bench: bench), QueueStage(bench: bench), RetentionStage(bench: bench),
            JobStage(bench: bench),
            StoreStage(bench: bench), AuditStage(bench: bench), RedactionStage(bench: bench),
            GrowthStage(bench: bench),
            WebPrimitivesStage(bench: bench), WebEchoStage(bench: bench), WebBotStage(bench: bench),
            WebAccountsStage(bench: bench),
        ]
    }
}
