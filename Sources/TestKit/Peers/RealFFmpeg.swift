public import Foundation

/// The ffmpeg that the Python of the tests brings along (imageio-ffmpeg), under its usual name.
public enum RealFFmpeg {
    /// Why there is none.
    public struct Missing: Error, CustomStringConvertible {
        public let description: String
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Makes a folder for a search path, in which `ffmpeg` is a link to the program.
    /// - Throws: `Missing`.
    public static func link(in folder: URL) throws -> String {
        let python =
            ProcessInfo.processInfo.environment["MARTLET_TEST_PYTHON"]
            ?? root.appending(path: ".venv/bin/python").path(percentEncoded: false)
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw Missing(description: "there is no Python with imageio-ffmpeg at \(python): run `make test`")
        }
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-c", "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = try output.fileHandleForReading.readToEnd().map { String(decoding: $0, as: UTF8.self) } ?? ""
        process.waitUntilExit()
        let program = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard process.terminationStatus == 0, FileManager.default.isExecutableFile(atPath: program) else {
            throw Missing(description: "\(python) has no imageio-ffmpeg: run `make test`")
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder.appending(path: "ffmpeg").path(percentEncoded: false), withDestinationPath: program)
        return folder.path(percentEncoded: false)
    }
}
