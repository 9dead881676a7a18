import Foundation
import Testing

/// Tests/Interop/read_qr.py: a reader of QR codes that others wrote.
enum QRReader {
    struct Unread: Error, CustomStringConvertible { let description: String }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static var python: String {
        ProcessInfo.processInfo.environment["MARTLET_TEST_PYTHON"]
            ?? root.appending(path: ".venv/bin/python").path(percentEncoded: false)
    }

    /// What the code in a PNG file says, or nil after an issue was recorded because there is no Python.
    static func text(ofPNG file: [UInt8]) throws -> String? { try read("png", Data(file)) }

    /// What the code says whose modules are given, row by row, dark ones as true.
    static func text(ofModules rows: [[Bool]]) throws -> String? {
        let lines = rows.map { row in row.map { $0 ? "1" : "0" }.joined() + "\n" }.joined()
        return try read("modules", Data(lines.utf8))
    }

    private static func read(_ form: String, _ picture: Data) throws -> String? {
        guard FileManager.default.isExecutableFile(atPath: python) else {
            Issue.record("There is no Python with zxing-cpp at \(python): run `make test`.")
            return nil
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
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Unread(description: complaint) }
        return text
    }
}
