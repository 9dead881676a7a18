import Foundation
import Testing

@testable import WhatsAppWeb

/// A file of 100 MB goes through in constant memory.
@Suite struct MediaMemoryTests {
    static let byteCount = 100 << 20

    /// What may be needed besides; other tests that run at the same time are in it.
    static let allowance = 24 << 20

    @Test(.disabled(if: ProcessInfo.processInfo.environment["MARTLET_SANITIZER"] != nil, "it keeps what was freed"))
    func `a large file is encrypted, uploaded and decrypted in constant memory`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "media-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appending(path: "source")
        try Self.write(Self.byteCount, to: source)
        try await withMediaServer(hosts: 1, storage: folder) { transfer, _ in
            _ = try await transfer.upload(.bytes([1]), as: .document, mimeType: "application/pdf")
            let before = try Self.resetPeak()
            let media = try await transfer.upload(.file(source), as: .document, mimeType: "application/pdf")
            #expect(try Self.peak() - before < Self.allowance)

            let target = folder.appending(path: "target")
            let between = try Self.resetPeak()
            try Self.decrypt(folder.appending(path: "blob"), media, to: target)
            #expect(try Self.peak() - between < Self.allowance)
            #expect(try target.resourceValues(forKeys: [.fileSizeKey]).fileSize == Self.byteCount)
        }
    }

    /// What a download does with the bytes that come.
    private static func decrypt(_ blob: URL, _ media: MediaReference, to target: URL) throws {
        var decryption = try MediaDecryption(media, limit: byteCount)
        var reader = try MediaSource.file(blob).reader()
        defer { reader.close() }
        let sink = FileSink(target)
        try sink.begin()
        while true {
            let piece = try reader.next()
            guard !piece.isEmpty else { break }
            try sink.write(decryption.update(piece))
        }
        try sink.write(decryption.finish())
        try sink.keep()
    }

    private static func write(_ count: Int, to file: URL) throws {
        try #require(FileManager.default.createFile(atPath: file.path, contents: nil))
        let handle = try FileHandle(forWritingTo: file)
        for number in 0..<(count >> 20) {
            try handle.write(contentsOf: Data(repeating: UInt8(number & 0xFF), count: 1 << 20))
        }
        try handle.close()
    }

    /// Forgets the peak of the process's memory.
    /// - Returns: what it has now, in bytes.
    private static func resetPeak() throws -> Int {
        // 5 resets the peak: proc(5), clear_refs.
        try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
        return try status("VmRSS:")
    }

    private static func peak() throws -> Int { try status("VmHWM:") }

    private static func status(_ name: String) throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name) })
        let kilobytes = try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
        return kilobytes << 10
    }
}
