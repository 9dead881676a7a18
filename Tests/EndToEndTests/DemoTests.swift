import Foundation
import TestKit
import Testing

/// scripts/demo.sh, which `make demo` runs, on the programs that were built beside the tests.
@Suite struct DemoTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func demo(
        _ input: String, environment: [String: String] = [:]
    ) async throws -> (status: Int32, output: [String], errors: String, left: [String]) {
        let home = try TemporaryFolder()
        let script = Self.root.appending(path: "scripts/demo.sh").path
        let demo = try MartletProcess(
            // A relative folder, as people write it.
            ["-c", "cd \"$1\" && exec \"$0\" .", script, MartletProcess.binary.deletingLastPathComponent().path],
            program: "/bin/bash", home: home,
            environment: ["TMPDIR": home.url.path, "HOME": home.url.path].merging(environment) { $1 })
        for line in input.split(separator: "\n") { try demo.send(String(line)) }
        demo.closeInput()
        let status = try await demo.exitStatus(within: .patience * 9)
        return (status, demo.lines, demo.errors, try FileManager.default.contentsOfDirectory(atPath: home.url.path))
    }

    @Test func `lines are answered over the true protocol, and nothing is left behind`() async throws {
        let demo = try await demo("hello\n!help\n")
        #expect(demo.status == 0, "\(demo.errors)")
        #expect(demo.output.first == "You said: hello", "\(demo)")
        #expect(demo.output.contains { $0.contains("!reset") }, "\(demo)")
        #expect(demo.errors.contains("no account is needed") && demo.errors.contains("The model is an echo"))
        #expect(demo.left.isEmpty && !demo.errors.contains("No such file"), "\(demo)")
    }

    @Test func `a model of one's own answers when the environment names it`() async throws {
        try await ModelStub.serving { model, environment in
            let demo = try await demo("hello\n", environment: environment)
            #expect(demo.status == 0 && demo.output == ["echo: hello"], "\(demo)")
            #expect(demo.errors.contains("Your model answers"))
        }
    }
}
