import Foundation
import TestKit
import Testing

@testable import WhatsAppEmulator

/// The product as Deploy/compose.yaml starts it, as far as that goes without a container engine.
@Suite struct ConfinedTests {
    private static let deploy = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Deploy")

    /// Whether another user may read the libraries of a debug build, and we may mount.
    private static let isPossible = SmallDisk.isAvailable

    @Test(.enabled(if: isPossible, "only root mounts"))
    func `without rights and over a read-only file system it answers, and its health is seen`() async throws {
        let script = Self.deploy.appending(path: "confined.sh").path
        let home = try TemporaryFolder()
        try FileManager.default.createDirectory(at: home.data, withIntermediateDirectories: true)
        #expect(chmod(home.data.path, 0o700) == 0 && chown(home.data.path, 1_001, 1_001) == 0)
        try await ModelStub.serving { _, environment in
            var configuration = GraphEmulator.Configuration()
            configuration.port = 0
            try await GraphEmulator.serving(configuration) { emulator in
                let base = try await emulator.baseURL().replacing("/v26.0", with: "")
                let settings = environment.merging([
                    "CLOUD_PHONE_NUMBER_ID": emulator.configuration.numbers[0].phoneNumberID,
                    "CLOUD_ACCESS_TOKEN": emulator.configuration.token,
                    "CLOUD_APP_SECRET": emulator.configuration.appSecret,
                    "CLOUD_VERIFY_TOKEN": emulator.configuration.verifyToken, "CLOUD_BASE_URL": base,
                    "HEALTH_PORT": "0", "SETTLE_MILLISECONDS": "0", "LOG_FORMAT": "json",
                    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                ]) { $1 }
                let process = try MartletProcess(
                    [script, home.data.path, MartletProcess.binary.path, "run"], program: "/bin/bash", home: home,
                    environment: settings)
                let line = try await process.line { $0.contains(#""port":"#) }
                let port = try #require(process.lines[line].firstMatch(of: /"port":(\d+)/)).1
                await emulator.setWebhook(url: "http://127.0.0.1:\(port)/webhook/cloud")
                _ = try await emulator.receive(text: "hello", from: CloudBot.user)
                #expect(await emulator.waitForSent(1, within: .patience))
                #expect(await emulator.sent().compactMap(\.text) == ["echo: hello"])

                let status = try String(contentsOfFile: "/proc/\(process.pid)/status", encoding: .utf8)
                for line in [
                    "Uid:\t1001\t1001\t1001\t1001", "Gid:\t1001\t1001\t1001\t1001", "CapEff:\t0000000000000000",
                    "CapBnd:\t0000000000000000", "NoNewPrivs:\t1",
                ] {
                    #expect(status.contains(line), "\(line) in \(status)")
                }
                // Its memory and environment belong to nobody of its user.
                let environ = try FileManager.default.attributesOfItem(atPath: "/proc/\(process.pid)/environ")
                #expect(environ[.ownerAccountID] as? Int == 0)
                let mounts = try String(contentsOfFile: "/proc/\(process.pid)/mounts", encoding: .utf8)
                let root = try #require(mounts.split(separator: "\n").first { $0.contains(" / ") })
                #expect(root.split(separator: " ")[3].hasPrefix("ro"), "\(root)")

                let health = Self.deploy.appending(path: "healthcheck.sh").path
                for (port, status) in [(String(port), Int32(0)), ("1", 1)] {
                    let end = try await SpawnedProcess.run(
                        "/bin/bash", [health], environment: ["PATH": "/usr/bin:/bin", "HEALTH_PORT": port])
                    #expect(end.status == status, "\(end)")
                }
                process.signal(SIGTERM)
                #expect(try await process.exitStatus() == 0)
            }
        }
    }

    @Test func `image and compose file say what the page says`() throws {
        let image = try String(contentsOf: Self.deploy.appending(path: "Dockerfile"), encoding: .utf8)
        for line in [
            "USER 1001:1001", "HEALTHCHECK --interval=30s --timeout=10s --retries=3 --start-period=20s",
            "install -d -o 1001 -g 1001 -m 0700 /data",
        ] {
            #expect(image.contains(line))
        }
        let compose = try String(contentsOf: Self.deploy.appending(path: "compose.yaml"), encoding: .utf8)
        for line in [
            #"user: "1001:1001""#, "read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "interval: 30s",
            "timeout: 10s", "retries: 3", "start_period: 20s", #"volumes: ["data:/data"]"#, "tmpfs: [",
        ] {
            #expect(compose.contains(line), "\(line)")
        }
    }
}
