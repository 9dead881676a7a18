public import Foundation

/// The ffmpeg that the Python of the tests brings along (imageio-ffmpeg), under its usual name.
public enum RealFFmpeg {
    /// Why there is none.
    public struct Missing: Error, CustomStringConvertible {
        public let description: String
    }

    /// Makes a folder for a search path, in which `ffmpeg` is a link to the program.
    /// - Throws: `Missing`, or `PythonPeers.Missing`.
    public static func link(in folder: URL) async throws -> String {
        let python = try PythonPeers.python()
        let end = try await SpawnedProcess.run(
            python, ["-c", "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())"])
        let program = end.output.trimmingCharacters(in: .whitespacesAndNewlines)
        guard end.status == 0, FileManager.default.isExecutableFile(atPath: program) else {
            throw Missing(description: "\(python) has no imageio-ffmpeg: run `make test`")
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder.appending(path: "ffmpeg").path(percentEncoded: false), withDestinationPath: program)
        return folder.path(percentEncoded: false)
    }
}
