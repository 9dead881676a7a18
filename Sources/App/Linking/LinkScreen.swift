import BotKit
import Foundation
import WhatsAppWeb

/// Where codes for linking are shown: to a person at a terminal, or a line each to a script.
actor LinkScreen {
    /// Whether a script reads: then standard output has the codes alone, and everything else goes to standard error.
    private let isPlain: Bool
    private let language: Language
    private let phrasebook: Phrasebook
    /// How many lines are to be drawn over by the next QR code; 0 when something else was said since.
    private var drawnLines = 0
    private var hasGuided = false

    init(isPlain: Bool, language: Language, phrasebook: Phrasebook) {
        self.isPlain = isPlain
        self.language = language
        self.phrasebook = phrasebook
    }

    /// Says a sentence on the way.
    func note(_ text: Text) {
        drawnLines = 0
        let words = phrasebook.string(text, in: language)
        if isPlain { StandardError.write(words) } else { write(words + "\n") }
    }

    /// Shows a QR code in the place of the one before.
    /// - Throws: `WebError` when no code can hold the text.
    func show(qr text: String) throws {
        if isPlain { return write(text + "\n") }
        let picture = try QRPicture(text)
        let size = picture.terminalSize()
        if !hasGuided {
            hasGuided = true
            note(LinkTexts.scan)
        }
        guard Self.windowHolds(columns: size.columns, lines: size.lines + 1) else {
            return note(LinkTexts.tooSmall.with(["columns": "\(size.columns)", "lines": "\(size.lines + 1)"]))
        }
        // Up to where the last one began, and everything below it away.
        let erasure = drawnLines > 0 ? "\u{1B}[\(drawnLines)A\u{1B}[J" : ""
        write(erasure + picture.terminalText())
        drawnLines = size.lines
    }

    /// Shows a code that is to be typed.
    func show(code: String) {
        if isPlain { return write(code + "\n") }
        note(LinkTexts.typeCode)
        write("\n    \(code)\n\n")
    }

    private func write(_ text: String) { try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) }

    /// A window that does not tell its size is taken to be large enough.
    private static func windowHolds(columns: Int, lines: Int) -> Bool {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return true }
        return Int(size.ws_col) >= columns && Int(size.ws_row) >= lines
    }
}
