import Foundation
import Testing
import WhatsAppWeb

/// Pictures of QR codes, read by a reader that others wrote.
@Suite struct QRPictureTests {
    /// As long as those for linking are.
    private static let linking =
        "https://wa.me/settings/linked_devices#2@" + String(repeating: "Ab0-_xYz", count: 16) + ","
        + [1, 2, 3].map { Data(repeating: $0, count: 32).base64EncodedString() }.joined(separator: ",") + ",7"

    @Test(arguments: [linking, "A", "שלום, Dana 👋", String(repeating: "x", count: 2_953)])
    func `a reader of others reads the PNG file`(text: String) throws {
        guard let read = try QRReader.text(ofPNG: QRPicture(text).png(scale: 3)) else { return }
        #expect(read == text)
    }

    @Test(arguments: [1, 8, 64])
    func `a PNG file is one module for each square of pixels`(scale: Int) throws {
        let picture = try QRPicture("Omer")
        let file = try picture.png(scale: scale)
        let side = (picture.width + 8) * scale
        #expect(file[16..<24] == [0, 0, UInt8(side >> 8), UInt8(side & 255), 0, 0, UInt8(side >> 8), UInt8(side & 255)])
        guard scale > 1, let read = try QRReader.text(ofPNG: file) else { return }
        #expect(read == "Omer")
    }

    @Test(arguments: [0, 1, 2, 4], [true, false])
    func `a reader of others reads what the terminal shows`(zone: Int, isColored: Bool) throws {
        let picture = try QRPicture(Self.linking)
        let text = picture.terminalText(quietZone: zone, isColored: isColored)
        let rows = try Screen.rows(of: text)
        let size = picture.terminalSize(quietZone: zone)
        #expect(rows.count == 2 * size.lines && rows.allSatisfy { $0.count == size.columns })
        #expect(size.columns <= 80)
        // Round the picture there is whatever the window has; a reader wants some light.
        let margin = [[Bool]](repeating: [Bool](repeating: false, count: size.columns + 8), count: 4)
        let framed = margin + rows.map { [false, false, false, false] + $0 + [false, false, false, false] } + margin
        guard let read = try QRReader.text(ofModules: framed) else { return }
        #expect(read == Self.linking)
    }

    @Test func `each line of a coloured picture says its colours and takes them back`() throws {
        let lines = try QRPicture("Dana").terminalText().split(separator: "\n")
        #expect(lines.allSatisfy { $0.hasPrefix("\u{1B}[38;5;16;48;5;231m") && $0.hasSuffix("\u{1B}[0m") })
        #expect(try !QRPicture("Dana").terminalText(isColored: false).contains("\u{1B}"))
    }

    @Test func `a text that no code holds is refused`() {
        #expect { try QRPicture(String(repeating: "x", count: 2_954)) } throws: { ($0 as? WebError)?.code == .tooLarge }
        #expect { try QRPicture("") } throws: { ($0 as? WebError)?.code == .invalid }
    }

    @Test func `outside the code it is light`() throws {
        let picture = try QRPicture("Dana")
        #expect(picture.width == 21)
        #expect(picture.isDark(row: 0, column: 0))
        for place in [(-1, 0), (0, -1), (21, 0), (0, 21)] {
            #expect(!picture.isDark(row: place.0, column: place.1))
        }
    }

    /// Half blocks as modules again, as a screen shows them.
    private enum Screen {
        struct Strange: Error { let character: Character }

        static func rows(of text: String) throws -> [[Bool]] {
            try text.split(separator: "\n").flatMap { line -> [[Bool]] in
                let isColored = line.contains("\u{1B}")
                let blocks = line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
                // Drawn is what has the foreground's colour: dark with colours of its own, light without.
                let halves = try blocks.map { character -> (Bool, Bool) in
                    switch character {
                    case "█": (isColored, isColored)
                    case "▀": (isColored, !isColored)
                    case "▄": (!isColored, isColored)
                    case " ": (!isColored, !isColored)
                    default: throw Strange(character: character)
                    }
                }
                return [halves.map(\.0), halves.map(\.1)]
            }
        }
    }
}
