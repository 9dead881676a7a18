import Foundation

/// The checker of Prometheus for metrics.
public enum Promtool {
    /// Why nothing was checked.
    public struct Missing: Error, CustomStringConvertible {
        public let description: String
    }

    /// What `promtool check metrics` says of a page: its remarks are in both streams.
    /// - Throws: `Missing` when it is not in the search path.
    public static func check(_ metrics: String) async throws -> SpawnedProcess.End {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
        let tools = path.split(separator: ":").map { "\($0)/promtool" }
        guard let tool = tools.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw Missing(
                description: "promtool is not in PATH. `make test` installs it (Debian package: prometheus).")
        }
        return try await SpawnedProcess.run(tool, ["check", "metrics"], input: Array(metrics.utf8))
    }
}
