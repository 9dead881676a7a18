import Foundation
import Testing

/// An export, taken apart by Python's zipfile.
struct OpenedExport {
    let folder = try? TemporaryFolder()
    let names: Set<String>
    let data: [String: Any]
    let page: String

    init(_ path: String) throws {
        let folder = try #require(folder)
        let python = Process()
        python.executableURL = URL(
            filePath: ProcessInfo.processInfo.environment["MARTLET_TEST_PYTHON"] ?? "/usr/bin/python3")
        python.arguments = ["-m", "zipfile", "-e", path, folder.url.path]
        try python.run()
        python.waitUntilExit()
        try #require(python.terminationStatus == 0)
        names = Set(try FileManager.default.contentsOfDirectory(atPath: folder.url.path))
        let json = try Data(contentsOf: folder.url.appending(path: "data.json"))
        data = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        page = try String(contentsOf: folder.url.appending(path: "index.html"), encoding: .utf8)
    }

    /// The rows of a table.
    func rows(_ table: String) -> [[String: Any]] {
        (data["tables"] as? [String: Any])?[table] as? [[String: Any]] ?? []
    }
}
