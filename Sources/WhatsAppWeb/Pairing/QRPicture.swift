import CQREncode
import WhatsAppWire

/// A text as a QR code, to be shown in a terminal or as a file.
///
/// ```swift
/// if case .qr(let text, _) = notice { write(try QRPicture(text).terminalText()) }
/// ```
public struct QRPicture: Sendable, Hashable {
    /// How many modules, the small squares, a side has, without the quiet zone round it.
    public let width: Int
    private let modules: [Bool]

    /// Makes the smallest code that holds `text`, with the least redundancy: as WhatsApp's own pages do.
    /// - Throws: `WebError` with `tooLarge` when the text has more than 2,953 bytes, with `invalid` when it is empty.
    public init(_ text: String) throws(WebError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw WebError(.invalid, "a QR code needs a text") }
        guard let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_L) else {
            throw WebError(.tooLarge, "the text is too long for a QR code")
        }
        defer { QRcode_free(code) }
        width = Int(code.pointee.width)
        // The lowest bit is the colour; the others say what a module is for.
        modules = UnsafeBufferPointer(start: code.pointee.data, count: width * width).map { $0 & 1 == 1 }
    }

    /// Whether a module is dark; those outside the code are not.
    public func isDark(row: Int, column: Int) -> Bool {
        let sides = 0..<width
        return sides.contains(row) && sides.contains(column) && modules[row * width + column]
    }

    /// How many columns and lines `terminalText` takes.
    public func terminalSize(quietZone: Int = 2) -> (columns: Int, lines: Int) {
        let side = width + 2 * max(0, quietZone)
        return (side, (side + 1) / 2)
    }

    /// The code as lines of half blocks, two modules above one another a character; each line ends with a new line.
    /// - Parameters:
    ///   - quietZone: how many light modules are round the code. The standard wants 4; telephones read 2.
    ///   - isColored: whether each line says its colours, black on white, so that it can be read whatever the
    ///     terminal's are. Without them light modules are drawn, which suits a dark background.
    public func terminalText(quietZone: Int = 2, isColored: Bool = true) -> String {
        let edge = max(0, quietZone)
        var text = ""
        for row in stride(from: -edge, to: width + edge, by: 2) {
            if isColored { text += "\u{1B}[38;5;16;48;5;231m" }
            for column in -edge..<(width + edge) {
                let upper = isDark(row: row, column: column)
                // Below the last row of an odd number there is nothing: as light as the zone.
                let lower = isDark(row: row + 1, column: column)
                text += Self.block(upper: upper == isColored, lower: lower == isColored)
            }
            if isColored { text += "\u{1B}[0m" }
            text += "\n"
        }
        return text
    }

    private static func block(upper: Bool, lower: Bool) -> String {
        switch (upper, lower) {
        case (true, true): "█"
        case (true, false): "▀"
        case (false, true): "▄"
        case (false, false): " "
        }
    }
}
