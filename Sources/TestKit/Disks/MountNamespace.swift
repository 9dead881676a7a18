import Foundation

/// A user namespace in which we are root over nothing but our own mounts (user_namespaces(7)).
public enum MountNamespace {
    /// Whether we are not root and may make one, so that suites that mount run there.
    public static let isNeeded =
        geteuid() != 0 && (try? call("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]))?.status == 0
    /// What a skipped suite says.
    public static let whyNot = "either we may mount ourselves, or user namespaces are not allowed here"

    /// How a command ended.
    public struct Run: Sendable {
        public let status: Int32
        /// What it wrote.
        public let output: String
    }

    /// Runs a suite of this test program in a namespace.
    /// - Parameter name: `Target.Suite`.
    public static func runSuite(_ name: String) throws -> Run {
        let filter = "^" + name.replacing(".", with: "\\.") + "/"
        return try call(
            "unshare",
            ["-rm", CommandLine.arguments[0], "--testing-library", "swift-testing", "--filter", filter])
    }

    /// Runs a command to its end.
    static func call(_ tool: String, _ arguments: [String]) throws -> Run {
        let file = FileManager.default.temporaryDirectory.appending(path: "martlet-output-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = try FileHandle(forUpdating: file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        // Foundation's waitUntilExit can spin for ever off the main thread on Linux.
        while process.isRunning { usleep(1_000) }
        try output.seek(toOffset: 0)
        let printed = try output.readToEnd() ?? Data()
        try output.close()
        return Run(status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self))
    }
}
