import Foundation
import Testing

@testable import Providers

@Suite struct LineSplitterTests {
    @Test func `lines may come in any pieces`() {
        var splitter = LineSplitter()
        let pieces = ["one\ntw", "o\r\n", "\nשל", "ום\nrest"]
        let lines = pieces.flatMap { splitter.take(Array($0.utf8)) } + [splitter.finish()].compactMap { $0 }
        #expect(lines == ["one", "two", "", "שלום", "rest"].map { .bytes(Array($0.utf8)) })
    }

    @Test func `a line over the limit is told once and the next one is read`() {
        var splitter = LineSplitter(limit: 4)
        let lines = ["12345678", "9", "abc", "\nfour\n12345\nok"].flatMap { splitter.take(Array($0.utf8)) }
        #expect(lines == [.tooLong, .bytes(Array("four".utf8)), .tooLong])
        #expect(splitter.finish() == .bytes(Array("ok".utf8)))
        #expect(splitter.finish() == nil)
    }
}

@Suite struct StandardStreamsTests {
    private func pipes() throws -> (read: FileHandle, write: FileHandle) {
        let pipe = Pipe()
        return (pipe.fileHandleForReading, pipe.fileHandleForWriting)
    }

    @Test func `bytes come as they are written, then the end`() async throws {
        let (read, write) = try pipes()
        let input = try StandardInput(descriptor: read.fileDescriptor)
        write.write(Data("hello".utf8))
        #expect(await input.next() == Array("hello".utf8))
        try write.close()
        #expect(await input.next() == nil)
    }

    @Test func `a reader that waits is released by stop, and stays so`() async throws {
        let (read, write) = try pipes()
        let input = try StandardInput(descriptor: read.fileDescriptor)
        async let next = input.next()
        input.stop()
        #expect(await next == nil)
        write.write(Data("late".utf8))
        #expect(await input.next() == nil)
    }

    @Test func `a long text is written whole and in order through a small pipe`() async throws {
        let (read, write) = try pipes()
        let output = StandardOutput(descriptor: write.fileDescriptor)
        let long = String(repeating: "x", count: 300_000)
        async let written: Void = {
            try await output.write(long)
            try await output.write("end")
            try write.close()
        }()
        let input = try StandardInput(descriptor: read.fileDescriptor)
        var received: [UInt8] = []
        while let bytes = await input.next() { received += bytes }
        try await written
        #expect(String(decoding: received, as: UTF8.self) == long + "end")
        #expect(output.width == nil)
    }
}

@Suite struct TerminalTests {
    private func localModes(of descriptor: Int32) -> tcflag_t {
        var mode = termios()
        return tcgetattr(descriptor, &mode) == 0 ? mode.c_lflag : 0
    }

    @Test func `a terminal gives its keys singly and gets its modes back`() throws {
        // Linux, pty(7): the ioctls TIOCSPTLCK and TIOCGPTN, for Swift's Glibc lacks `posix_openpt`.
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(master >= 0)
        var lock: Int32 = 0
        var number: UInt32 = 0
        try #require(ioctl(master, 0x4004_5431, &lock) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
        let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(slave >= 0)
        defer {
            close(slave)
            close(master)
        }
        let before = localModes(of: slave)
        let terminal = Terminal(descriptor: slave)
        terminal.takeKeys()
        #expect(localModes(of: slave) & tcflag_t(ICANON | ECHO | ISIG) == 0)
        terminal.giveBack()
        terminal.giveBack()
        #expect(localModes(of: slave) == before)
        var size = winsize(ws_row: 24, ws_col: 123, ws_xpixel: 0, ws_ypixel: 0)
        #expect(ioctl(slave, UInt(TIOCSWINSZ), &size) == 0)
        #expect(StandardOutput(descriptor: slave).width == 123)
    }
}
