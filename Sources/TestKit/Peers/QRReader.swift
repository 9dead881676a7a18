import Foundation

/// A reader of QR codes that others wrote: Tests/Interop/read_qr.py with zxing-cpp.
public enum QRReader {
    /// Why nothing was read.
    public struct Unread: Error, CustomStringConvertible {
        public let description: String
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static var python: String {
        ProcessInfo.processInfo.environment["MARTLET_TEST_PYTHON"]
            ?? root.appending(path: ".venv/bin/python").path(percentEncoded: false)
    }

    /// What the code in a PNG file says.
    /// - Throws: `Unread`, also when there is no Python with the reader.
    public static func text(ofPNG file: [UInt8]) throws -> String { try read("png", Data(file)) }

    /// What the code says whose modules are given, row by row, dark ones as true; light is added round them.
    /// - Throws: `Unread`, also when there is no Python with the reader.
    public static func text(ofModules rows: [[Bool]]) throws -> String {
        let edge = [Bool](repeating: false, count: 4)
        let columns = (rows.first?.count ?? 0) + 2 * edge.count
        let margin = [[Bool]](repeating: [Bool](repeating: false, count: columns), count: edge.count)
        let framed = margin + rows.map { edge + $0 + edge } + margin
        let lines = framed.map { row in row.map { $0 ? "1" : "0" }.joined() + "\n" }.joined()
        return try read("modules", Data(lines.utf8))
    }

    /// The modules that half blocks draw, as a screen shows them: lines with colours of their own are dark on light,
    /// others light on dark. Other lines are left out.
    public static func modules(ofHalfBlocks text: String) -> [[Bool]] {
        text.split(whereSeparator: \.isNewline).flatMap { line -> [[Bool]] in
            let isColored = line.contains("\u{1B}[")
            let blocks = line.replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "")
            guard blocks.count > 20, blocks.allSatisfy({ "█▀▄ ".contains($0) }) else { return [] }
            // Drawn is what has the foreground's colour.
            return [
                blocks.map { "█▀".contains($0) == isColored }, blocks.map { "█▄".contains($0) == isColored },
            ]
        }
    }

    private static func read(_ form: String, _ picture: Data) throws -> String {
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw Unread(description: "there is no Python with zxing-cpp at \(python): run `make test`")
        }
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = [root.appending(path: "Tests/Interop/read_qr.py").path(percentEncoded: false), form]
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: picture)
        try input.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        // Foundation's waitUntilExit can spin for ever off the main thread on Linux.
        while process.isRunning { usleep(1_000) }
        guard process.terminationStatus == 0 else { throw Unread(description: complaint) }
        return text
    }
}
