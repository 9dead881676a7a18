import BotKit
import Foundation
import TestKit
import Testing

@testable import Providers

/// What programs of the machine may do when they work for us, and that nothing of them stays. All of them are real.
@Suite(.timeLimit(.minutes(5))) final class ExternalProgramTests: Sendable {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: folder) }

    private func program(_ name: String) throws -> ExternalProgram {
        try #require(ExternalProgram(name, searchPath: "/usr/bin:/bin"))
    }

    /// Runs a script of the shell, which is a program like another.
    private func shell(_ script: String, _ limits: ExternalProgram.Limits = .init()) async throws -> String {
        let output = try await program("sh").run(["-c", script], in: folder, limits: limits, time: SystemTime())
        return String(decoding: output, as: UTF8.self)
    }

    /// The processes that the script wrote down, once they run no more; a dead one that nobody has asked about counts.
    private func areGone() async throws -> Bool {
        let text = try String(contentsOf: folder.appending(path: "pids"), encoding: .utf8)
        let pids = text.split(whereSeparator: \.isWhitespace)
        #expect(!pids.isEmpty)
        return await eventually {
            pids.allSatisfy { pid in
                guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return true }
                return stat.split(separator: ")").last?.hasPrefix(" Z") == true
            }
        }
    }

    @Test func `arguments arrive as they are, through no shell`() async throws {
        let hostile = ["$(touch here)", "`touch here`", "; touch here", "a b", "\"'\\", "*", "שלום", ""]
        let output = try await program("printf").run(["[%s]"] + hostile, in: folder, time: SystemTime())
        #expect(String(decoding: output, as: UTF8.self) == hostile.map { "[\($0)]" }.joined())
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        await #expect(throws: ExternalProgram.Failure.notStarted) {
            try await self.program("printf").run(["cut\0off"], in: self.folder, time: SystemTime())
        }
        #expect(ExternalProgram("no-such-program", searchPath: "/usr/bin:/bin") == nil)
    }

    @Test func `it sees neither our environment nor our open files, and has its limits`() async throws {
        let open = try FileHandle(forReadingFrom: URL(filePath: "/etc/hostname"))
        defer { try? open.close() }
        let names = try await shell("env").split(separator: "\n").map { String($0.prefix { $0 != "=" }) }
        #expect(Set(names).subtracting(["PATH", "LC_ALL", "PWD", "OLDPWD", "_", "SHLVL"]).isEmpty, "\(names)")
        #expect(try await shell("echo /proc/self/fd/*; ls -l /proc/$$/fd | wc -l").contains("hostname") == false)
        let files = try await program("ls").run(["-l", "/proc/self/fd"], in: folder, time: SystemTime())
        #expect(!String(decoding: files, as: UTF8.self).contains("hostname"))
        let limits = ExternalProgram.Limits(memory: 512 << 20, fileSize: 1 << 20, openFiles: 32, niceness: 7)
        let said = try await shell("ulimit -v; ulimit -n; nice; ulimit -t; pwd -P", limits).split(separator: "\n")
        #expect(said.prefix(3) == ["524288", "32", "7"] && said[3] == "244", "\(said)")
        #expect(said.last.map(String.init) == folder.resolvingSymlinksInPath().path)
    }

    @Test func `children that it leaves and that do not hear end with it`() async throws {
        let said = try await shell("echo early; (trap '' TERM; echo $BASHPID; exec sleep 600) & echo $! > pids; exit 0")
        #expect(said.hasPrefix("early"))
        #expect(try await areGone())
    }

    @Test(arguments: ["while :; do sleep 1; done", "trap '' TERM; while :; do sleep 1; done", "exec sleep 600"])
    func `out of time it ends with all that it started, hearing or not`(_ script: String) async throws {
        let limits = ExternalProgram.Limits(time: .seconds(3), grace: .milliseconds(200))
        let start = ContinuousClock.now
        await #expect(throws: ExternalProgram.Failure.outOfTime) {
            try await self.shell("(trap '' TERM; exec sleep 600) & echo $! $$ > pids; \(script)", limits)
        }
        #expect(ContinuousClock.now - start < .patience)
        #expect(try await areGone())
    }

    @Test func `a cancelled task takes it along`() async throws {
        let pids = folder.appending(path: "pids")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await self.shell("(trap '' TERM; exec sleep 600) & echo $! $$ > pids; exec sleep 600")
                }
            }
            #expect(await eventually { (try? Data(contentsOf: pids).last) == UInt8(ascii: "\n") })
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(try await areGone())
    }

    @Test func `one that floods its output is ended`() async throws {
        let limits = ExternalProgram.Limits(output: 100_000)
        await #expect(throws: ExternalProgram.Failure.tooMuchOutput) {
            try await self.shell("echo $$ > pids; exec yes", limits)
        }
        #expect(try await areGone())
        #expect(try await shell("head -c 100000 /dev/zero", limits).utf8.count == 100_000)
    }

    @Test func `one that fills memory gets none, and one that fills the disk no more than its share`() async throws {
        let python = try PythonPeers.python()
        let limits = ExternalProgram.Limits(memory: 400 << 20, fileSize: 65_536)
        let code = "b = []\nwhile True: b.append(bytearray(10 << 20)); print('x', flush=True)"
        let name = URL(filePath: python).lastPathComponent
        let search = URL(filePath: python).deletingLastPathComponent().path
        let runner = try #require(ExternalProgram(name, searchPath: search))
        await #expect(throws: ExternalProgram.Failure.ended(1)) {
            try await runner.run(["-c", code], in: self.folder, limits: limits, time: SystemTime())
        }
        await #expect(throws: ExternalProgram.Failure.self) {
            try await self.shell("exec head -c 9999999 /dev/zero > big", limits)
        }
        let size = try FileManager.default.attributesOfItem(atPath: folder.appending(path: "big").path)[.size] as? Int
        #expect((size ?? 0) <= 65_536)
    }

    @Test(arguments: [("exit 7", Int32(7)), ("kill -KILL $$", -9)])
    func `a bad end says how`(_ script: String, _ status: Int32) async throws {
        await #expect(throws: ExternalProgram.Failure.ended(status)) { try await self.shell(script) }
    }
}
