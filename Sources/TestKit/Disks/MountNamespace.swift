import Foundation

/// A user namespace in which we are root over nothing but our own mounts (user_namespaces(7)).
public enum MountNamespace {
    /// Whether we are not root and may make one, so that suites that mount run there.
    public static let isNeeded =
        geteuid() != 0
        && (try? SpawnedProcess.runBlocking("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]))?.status == 0
    /// What a skipped suite says.
    public static let whyNot = "either we may mount ourselves, or user namespaces are not allowed here"

    /// Runs a suite of this test program in a namespace.
    /// - Parameter name: `Target.Suite`.
    public static func runSuite(_ name: String) throws -> SpawnedProcess.End {
        let filter = "^" + name.replacing(".", with: "\\.") + "/"
        return try SpawnedProcess.runBlocking(
            "unshare",
            ["-rm", CommandLine.arguments[0], "--testing-library", "swift-testing", "--filter", filter])
    }
}
