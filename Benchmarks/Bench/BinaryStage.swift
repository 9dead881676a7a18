import Foundation

/// The size of the program: of a copy without symbols where `strip` is installed.
struct BinaryStage: Stage {
    let bench: BenchSetup
    let figures = ["binary_mb", "binary_unstripped_mb"]

    func run() async throws -> [Figure] {
        let whole = Figure("binary_unstripped_mb", try Self.megabytes(bench.program), "MB")
        let folder = try bench.makeFolder("binary")
        let copy = folder.file("martlet").path
        guard let strip = ["/usr/bin/strip", "/usr/local/bin/strip"].first(where: FileManager.default.isExecutableFile)
        else {
            note("binary_mb is left out: strip is not installed (Debian package binutils)")
            return [whole]
        }
        let process = try ChildProcess(
            strip, ["-o", copy, bench.program], environment: ["PATH": "/usr/bin:/bin"],
            output: folder.file("strip.log").path)
        guard await process.waitForEnd() == .exit(0) else { throw BenchmarkFailure("strip failed") }
        return [Figure("binary_mb", try Self.megabytes(copy), "MB"), whole]
    }

    private static func megabytes(_ path: String) throws -> Double {
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        return Double(size) / 1_048_576
    }
}
