import Foundation
import Testing
import TestKit
import WhatsAppWeb

/// Pictures of QR codes, read by a reader that others wrote.
@Suite struct QRPictureTests {
    /// As long as those for linking are.
    private static let linking =
        "https://wa.me/settings/linked_devices#2@" + String(repeating: "Ab0-_xYz", count: 16) + ","
        + [1, 2, 3].map { Data(repeating: $0, count: 32).base64EncodedString() }.joined(separator: ",") + ",7"

    @Test(arguments: [linking, "A", "שלום, Dana 👋", String(repeating: "x", count: 2_953)])
    func `a reader of others reads the PNG file`(text: String) async throws {
        #expect(try await QRReader.text(ofPNG: QRPicture(text).png(scale: 3)) == text)
    }

    @Test(arguments: [1, 8, 64])
    func `a PNG file is one module for each square of pixels`(scale: Int) async throws {
        let picture = try QRPicture("Omer")
        let file = try picture.png(scale: scale)
        let side = (picture.width + 8) * scale
        #expect(
            file[16..<24] == [0, 0, UInt8(side >> 8), UInt8(side & 255), 0, 0, UInt8(side >> 8), UInt8(side & 255)])
        if scale > 1 { #expect(try await QRReader.text(ofPNG: file) == "Omer") }
    }

    @Test(arguments: [0, 1, 2, 4], [true, false])
    func `a reader of others reads what the terminal shows`(zone: Int, isColored: Bool) async throws {
        let picture = try QRPicture(Self.linking)
        let text = picture.terminalText(quietZone: zone, isColored: isColored)
        let rows = QRReader.modules(ofHalfBlocks: text)
        let size = picture.terminalSize(quietZone: zone)
        #expect(rows.count == 2 * size.lines && rows.allSatisfy { $0.count == size.columns })
        #expect(size.columns <= 80)
        #expect(try await QRReader.text(ofModules: rows) == Self.linking)
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
}
