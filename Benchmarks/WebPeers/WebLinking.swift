import Foundation

/// Links accounts of a data folder as a person does, with `martlet link`.
struct WebLinking: Sendable {
    let setup: MartletServer.Setup
    let web: EmulatedWeb
    let home: WorkFolder

    /// Links `account` to the phone with `number`, and waits until the account can be used.
    func link(_ account: String = "main", to number: String = EmulatedWeb.bot) async throws {
        var environment = setup.environment
        environment["MARTLET_HOME"] = home.url.appending(path: "data").path
        let codes = home.file("codes-\(account)")
        let process = try ChildProcess(
            setup.program, ["link", "--plain", "--account", account, "--env-file", "/dev/null"],
            environment: environment, output: codes.path, errors: home.file("link-\(account).log").path)
        let code = try await TextFile(codes).line(of: process, within: .seconds(60)) { line in
            line.hasPrefix("https://") ? line : nil
        }
        try await web.scan(code, as: number)
        let end = await process.waitForEnd()
        guard end == .exit(0) else { throw BenchmarkFailure("martlet link ended with \(end)") }
    }
}
