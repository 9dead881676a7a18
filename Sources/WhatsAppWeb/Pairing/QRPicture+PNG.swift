import CZlib
import WhatsAppWire

extension QRPicture {
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The code as a PNG file of one bit a pixel, black on white.
    /// - Parameters:
    ///   - scale: the pixels of a module's side, 1 to 64.
    ///   - quietZone: how many light modules are round the code, 0 to 64; the standard wants 4.
    /// - Throws: `WebError` with `tooLarge` if there is no memory.
    public func png(scale: Int = 8, quietZone: Int = 4) throws(WebError) -> [UInt8] {
        let scale = min(max(1, scale), 64)
        let edge = min(max(0, quietZone), 64)
        let side = (width + 2 * edge) * scale
        var rows: [UInt8] = []
        rows.reserveCapacity(side * (side / 8 + 2))
        for row in -edge..<(width + edge) {
            // 0 is the filter "none"; the pixels follow, eight a byte, 1 for white.
            var line = [UInt8](repeating: 0xFF, count: 1 + (side + 7) / 8)
            line[0] = 0
            for column in 0..<width where isDark(row: row, column: column) {
                let first = (column + edge) * scale
                for pixel in first..<(first + scale) { line[1 + pixel / 8] &= ~(0x80 >> UInt8(pixel % 8)) }
            }
            for _ in 0..<scale { rows += line }
        }
        let pixels: [UInt8]
        do {
            pixels = try Deflater.deflate(rows)
        } catch {
            throw WebError(.tooLarge, "there is no memory for the picture of a QR code")
        }
        let size = Self.bigEndian(UInt32(side))
        // One bit a pixel, grey, and the only compression and filters that there are; not interlaced.
        let head = Self.chunk("IHDR", size + size + [1, 0, 0, 0, 0])
        return Self.signature + head + Self.chunk("IDAT", pixels) + Self.chunk("IEND", [])
    }

    private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let checked = Array(name.utf8) + content
        let sum = UInt32(truncatingIfNeeded: crc32(0, checked, uInt(checked.count)))
        return bigEndian(UInt32(content.count)) + checked + bigEndian(sum)
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) }
    }
}
