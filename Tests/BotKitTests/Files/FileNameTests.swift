import BotKit
import Foundation
import Testing

/// File names that come over a network.
@Suite struct FileNameTests {
    @Test(arguments: [
        ("report.pdf", "report.pdf"), ("דוח שנתי.pdf", "דוח שנתי.pdf"), ("../../etc/passwd", "passwd"),
        ("/etc/shadow", "shadow"), ("C:\\Windows\\system32\\cmd.exe", "cmd.exe"), ("..", "file"), (".", "file"),
        ("", "file"), ("/", "file"), ("a/..", "file"), ("a\0b.txt", "ab.txt"), ("a\nb\r.txt", "ab.txt"),
        ("invoice\u{202E}fdp.exe", "invoicefdp.exe"), ("\u{200F}\u{2066}x\u{2069}.txt", "x.txt"), ("CON", "_CON"),
        ("nul.txt", "_nul.txt"), ("com1 .log", "_com1 .log"), ("LPT9.", "_LPT9"), (".bashrc", "bashrc"),
        ("-rf", "-rf"), ("a<b>c:d|e?f*g\"h", "abcdefgh"), ("  spaced .txt  ", "spaced .txt"),
        ("a/\u{308}etc", "\u{308}etc"),
        ("..%2f..%2fetc", "%2f..%2fetc"), ("\u{1F469}\u{1F3FD}.png", "\u{1F469}\u{1F3FD}.png"),
    ])
    func `become one harmless component`(_ name: String, _ safe: String) {
        #expect(FileName.safe(name) == safe)
        #expect(FileName.safe(FileName.safe(name)) == safe)
    }

    @Test func `are cut to what file systems take, and keep their ending`() {
        for letter in ["a", "ש", "\u{1F469}\u{200D}\u{1F467}", "e\u{301}\u{302}\u{303}"] {
            let long = FileName.safe(String(repeating: letter, count: 300) + ".jpeg")
            #expect(long.utf8.count <= 200 && long.hasSuffix(".jpeg"))
            #expect(FileName.safe(String(repeating: letter, count: 300)).utf8.count <= 200)
        }
        #expect(FileName.safe("a." + String(repeating: "b", count: 300)).utf8.count == 200)
    }

    @Test func `are single components, whatever bytes come`() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...40)).map { _ in
                Bool.random(using: &random) ? UInt8.random(in: 0...255) : Array("./\\\0:".utf8).randomElement() ?? 0
            }
            let safe = FileName.safe(String(decoding: bytes, as: UTF8.self))
            #expect(!safe.isEmpty && ![".", ".."].contains(safe))
            #expect(!safe.utf8.contains { [0, 0x2F, 0x5C].contains($0) }, "\(safe.debugDescription)")
            let url = URL(filePath: "/base", directoryHint: .isDirectory).appending(path: safe).standardized
            #expect(url.deletingLastPathComponent().path == "/base", "\(safe.debugDescription)")
        }
    }
}
