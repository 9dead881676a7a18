/// A reader of QR codes that others wrote: Tests/Interop/read_qr.py with zxing-cpp.
public enum QRReader {
    /// Why nothing was read.
    public struct Unread: Error, CustomStringConvertible {
        public let description: String
    }

    /// What the code in a PNG file says.
    /// - Throws: `Unread`, or `PythonPeers.Missing`.
    public static func text(ofPNG file: [UInt8]) async throws -> String { try await read("png", file) }

    /// What the code says whose modules are given, row by row, dark ones as true; light is added round them.
    /// - Throws: `Unread`, or `PythonPeers.Missing`.
    public static func text(ofModules rows: [[Bool]]) async throws -> String {
        let edge = [Bool](repeating: false, count: 4)
        let columns = (rows.first?.count ?? 0) + 2 * edge.count
        let margin = [[Bool]](repeating: [Bool](repeating: false, count: columns), count: edge.count)
        let framed = margin + rows.map { edge + $0 + edge } + margin
        let lines = framed.map { row in row.map { $0 ? "1" : "0" }.joined() + "\n" }.joined()
        return try await read("modules", Array(lines.utf8))
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

    private static func read(_ form: String, _ picture: [UInt8]) async throws -> String {
        let end = try await PythonPeers.run("read_qr.py", [form], input: picture)
        guard end.status == 0 else { throw Unread(description: end.errors) }
        return end.output
    }
}
