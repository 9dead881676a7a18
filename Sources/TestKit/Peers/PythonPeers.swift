public import Foundation

/// The Python that has programs of others, with which ours must agree, and its scripts in Tests/Interop.
public enum PythonPeers {
    /// Why a peer cannot be asked.
    public struct Missing: Error, CustomStringConvertible {
        public let description: String
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of the scripts.
    public static let scripts = root.appending(path: "Tests/Interop")

    /// The whole path of the interpreter: `MARTLET_TEST_PYTHON`, or that of `.venv`.
    /// - Throws: `Missing`.
    public static func python() throws -> String {
        let path =
            ProcessInfo.processInfo.environment["MARTLET_TEST_PYTHON"]
            ?? root.appending(path: ".venv/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing(
                description: "there is no Python with the peers at \(path): run `make test`, or set "
                    + "MARTLET_TEST_PYTHON")
        }
        return path
    }

    /// Runs a script of Tests/Interop to its end.
    /// - Throws: `Missing`, or what `SpawnedProcess.run` throws.
    public static func run(
        _ script: String, _ arguments: [String] = [], input: [UInt8] = [], within limit: Duration = .patience * 3
    ) async throws -> SpawnedProcess.End {
        try await SpawnedProcess.run(
            python(), [scripts.appending(path: script).path] + arguments, input: input, within: limit)
    }
}
