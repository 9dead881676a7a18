import BotKit
import Foundation
import TestKit
import Testing

@testable import App

/// Files and the process itself: who may see them, what goes, and what is given up.
@Suite struct FilesTests {
    private let model = ["OPENAI_API_KEY": "sk-test-0000", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"]

    private func chat(_ home: TemporaryFolder, _ more: [String: String] = [:]) async throws -> MartletProcess {
        let process = try MartletProcess(["chat", "--json"], home: home, environment: model.merging(more) { $1 })
        try process.send(#"{"text":"!help"}"#)
        try await process.line { $0.contains("idle") }
        return process
    }

    private func names(_ folder: URL) -> Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    }

    @Test func `the folder of a process goes with it, and that of a killed one with the next start`() async throws {
        let home = try TemporaryFolder()
        let media = home.data.appending(path: "media")
        let killed = try await chat(home)
        let left = media.appending(path: "martlet-\(killed.pid)")
        try Data("x".utf8).write(to: left.appending(path: "under-way"))
        killed.signal(SIGKILL)
        #expect(try await killed.exitStatus() == -SIGKILL)
        #expect(names(left).contains("under-way"))
        let next = try await chat(home)
        #expect(names(media) == [".lock", "martlet-\(next.pid)"])
        next.signal(SIGTERM)
        #expect(try await next.exitStatus() == 0)
        #expect(names(media) == [".lock"])
        let own = home.url.appending(path: "own")
        let third = try await chat(home, ["MARTLET_TEMP": own.path])
        #expect(names(own) == [".lock", "martlet-\(third.pid)"])
        third.closeInput()
        #expect(try await third.exitStatus() == 0)
        #expect(names(own) == [".lock"])
        #expect(chmod(own.path, 0o755) == 0)
        let refused = try await finish(
            ["chat", "--json"], home: home, environment: model.merging(["MARTLET_TEMP": own.path]) { $1 })
        #expect(refused.status == 78 && refused.errors.contains("MARTLET_TEMP may be read"), "\(refused)")
        #expect(refused.errors.contains("chmod 700 '\(own.path)'"))
    }

    @Test func `whatever the process was started with, it makes files that nobody else may read`() async throws {
        let home = try TemporaryFolder()
        let binary = MartletProcess.binary.path
        let process = try MartletProcess(
            ["-c", "umask 000; exec \"$0\" chat --json", binary], program: "/bin/sh", home: home, environment: model)
        try process.send(#"{"text":"!help"}"#)
        try await process.line { $0.contains("idle") }
        let copy = home.url.appending(path: "copy.sqlite")
        #expect(try await finish(["backup", copy.path], home: home).status == 0)
        let found = try #require(FileManager.default.enumerator(atPath: home.data.path))
            .compactMap { $0 as? String }.map { home.data.appending(path: $0).path }
        #expect(found.count > 8, "\(found)")
        for path in found + [home.data.path, copy.path] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode.map { $0 & 0o077 } == 0, "\(path)")
        }
        process.closeInput()
        #expect(try await process.exitStatus() == 0)
    }

    @Test func `a file that was opened to others is refused with the command that closes it`() async throws {
        let home = try TemporaryFolder()
        let first = try await chat(home)
        first.closeInput()
        #expect(try await first.exitStatus() == 0)
        let files = names(home.data).subtracting(["audit.pub"])
        #expect(files.isSuperset(of: ["martlet.sqlite", "log.key", "audit.key", "media"]))
        for name in files.sorted() {
            let path = home.data.appending(path: name).path
            let isFolder = name == "media"
            #expect(chmod(path, isFolder ? 0o750 : 0o640) == 0)
            for command in [["run"], ["doctor"], ["backup", home.url.appending(path: "copy").path]] {
                let refused = try await finish(command, home: home, environment: model)
                #expect(refused.status == (command == ["doctor"] ? 1 : 78), "\(name) \(refused)")
                let command = "chmod \(isFolder ? 700 : 600) '\(path)'"
                #expect((refused.errors + refused.output).contains(command), "\(name) \(refused)")
            }
            #expect(chmod(path, isFolder ? 0o700 : 0o600) == 0)
        }
        let key = home.data.appending(path: "log.key")
        let elsewhere = home.url.appending(path: "elsewhere")
        try FileManager.default.moveItem(at: key, to: elsewhere)
        try FileManager.default.createSymbolicLink(at: key, withDestinationURL: elsewhere)
        let refused = try await finish(["chat", "--json"], home: home, environment: model)
        #expect(refused.status == 78 && refused.errors.contains("mv -T '"), "\(refused)")
    }

    @Test func `the process gives up what it does not need`() async throws {
        let process = try await chat(try TemporaryFolder())
        let status = try String(contentsOfFile: "/proc/\(process.pid)/status", encoding: .utf8)
        #expect(status.contains("Umask:\t0077") && status.contains("NoNewPrivs:\t1"), "\(status)")
        let limits = try String(contentsOfFile: "/proc/\(process.pid)/limits", encoding: .utf8).split(separator: "\n")
        let core = try #require(limits.first { $0.hasPrefix("Max core file size") })
        #expect(core.split(separator: " ").prefix(6).suffix(2) == ["1", "1"], "\(core)")
        process.closeInput()
        #expect(try await process.exitStatus() == 0)
        #expect(ProcessHardening.wantsTraces(["SWIFT_BACKTRACE": "enable=yes,color=no"]))
        #expect(!ProcessHardening.wantsTraces([:]) && !ProcessHardening.wantsTraces(["SWIFT_BACKTRACE": "enable=no"]))
    }

    @Test func `every secret may stand in a file, and doctor tells of one that others may read`() async throws {
        let home = try TemporaryFolder()
        let named = [
            "CLOUD_NUMBERS": "106540352242923:SHOP_TOKEN", "LLM_FALLBACKS": "http://127.0.0.1:9/v1|spare|SPARE_KEY",
        ]
        let all = try await finish(["config", "--reference"], home: home).output
        let known = all.matches(of: /\| `([A-Z_]+)` \| [^|]*\(secret\) \|/).map { String($0.1) }
        let secrets = known + ["SHOP_TOKEN", "SPARE_KEY"]
        #expect(secrets.count >= 9, "\(secrets)")
        let file = home.url.appending(path: "secret's file")
        try Data("http://user:s3cret@proxy:3128\n".utf8).write(to: file)
        for name in secrets {
            let environment = named.merging(["\(name)_FILE": file.path]) { $1 }
            let shown = try await finish(["config"], home: home, environment: environment)
            #expect(shown.status == 0 && shown.output.contains("\(name)=••••••"), "\(name): \(shown)")
            #expect(!shown.output.contains("s3cret"))
            let missing = try await finish(
                ["config"], home: home, environment: named.merging(["\(name)_FILE": "/no/such/file"]) { $1 })
            #expect(missing.output.contains("\(name)_FILE") || missing.errors.contains("\(name)_FILE"), "\(missing)")
        }
        for (mode, isTold) in [(0o644, true), (0o600, false)] {
            #expect(chmod(file.path, mode_t(mode)) == 0)
            let environment = ["OPENAI_API_KEY_FILE": file.path, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"]
            let doctor = try await finish(["doctor"], home: home, environment: environment)
            #expect(doctor.output.contains("advice   secret file: \(file.path)") == isTold, "\(doctor)")
            #expect(doctor.output.contains("chmod 600 \(file.path.shellQuoted)") == isTold)
        }
    }

    @Test func `doctor tells of folders above that anybody may change, and of root`() async throws {
        let home = try TemporaryFolder()
        #expect(chmod(home.url.path, 0o777) == 0)
        let doctor = try await finish(["doctor"], home: home, environment: model)
        #expect(doctor.output.contains("problem  permissions: any user may change"), "\(doctor)")
        #expect(doctor.output.contains("Run: chmod o-w "))
        #expect(doctor.output.contains("advice   process: runs as root") == (geteuid() == 0))
        #expect(doctor.output.contains("ok       temporary files") && doctor.output.contains("  ffmpeg: "))
    }
}
