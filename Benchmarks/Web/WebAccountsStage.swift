/// What each further account costs in memory: one linked account, then fifty.
struct WebAccountsStage: Stage {
    let bench: BenchSetup
    let figures = ["web_rss_per_account_mb", "web_private_dirty_per_account_mb"]

    private static let firstAccount = 15_550_400_000
    /// So many are linked at a time.
    private static let atOnce = 10

    func run() async throws -> [Figure] {
        let home = try bench.makeFolder("web-accounts")
        let accounts = bench.count(50, quick: 11)
        return try await WebhookSender.using(connections: 16) { sender in
            try await EmulatedWeb.running(bench.emulator, home: home, client: sender.client) { web in
                let model = try ModelStub(marks: { _ in [] })
                let setup = MartletServer.Setup(
                    program: bench.program, web: web, modelPort: model.port, settings: bench.settings)
                let linking = WebLinking(setup: setup, web: web, home: home)
                // The first makes the database, with the bot alone; the others come beside one another.
                try await linking.link("account-0", to: String(Self.firstAccount))
                let one = try await use(setup, web, home, accounts: 1)
                for first in stride(from: 1, to: accounts, by: Self.atOnce) {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for number in first..<min(first + Self.atOnce, accounts) {
                            group.addTask {
                                try await linking.link("account-\(number)", to: String(Self.firstAccount + number))
                            }
                        }
                        try await group.waitForAll()
                    }
                }
                let all = try await use(setup, web, home, accounts: accounts)
                let more = Double(accounts - 1)
                return [
                    Figure("web_rss_per_account_mb", (all.residentMB - one.residentMB) / more, "MB", digits: 2),
                    Figure(
                        "web_private_dirty_per_account_mb", (all.privateDirtyMB - one.privateDirtyMB) / more, "MB",
                        digits: 2),
                ]
            }
        }
    }

    /// What a bot uses that has so many accounts and nothing to do.
    private func use(
        _ setup: MartletServer.Setup, _ web: EmulatedWeb, _ home: WorkFolder, accounts: Int
    ) async throws -> ProcessUse {
        try await web.waitUntilOnline(0)
        return try await MartletServer.running(setup, home: home) { server in
            try await web.waitUntilOnline(accounts)
            try await Task.sleep(for: .seconds(bench.count(4, quick: 1)))
            return try ProcessUse(of: server.process.pid)
        }
    }
}
