import AIServices
import AsyncHTTPClient
import BotCore
import BotKit
import Configuration
import ControlPlane
import Foundation
import Logging
import Providers

/// Looks over everything that a running bot needs.
struct Doctor {
    let config: ConfigReader
    /// The file of settings; it may be missing.
    let file: String
    /// What the file of settings names, known or not.
    let namesInFile: [String]

    /// Runs the checks and hands over each line as it is known.
    /// - Returns: whether all is well.
    func examine(_ report: (String) -> Void) async throws -> Bool {
        var isWell = true
        func note(_ subject: String, _ finding: Finding) {
            if finding.isProblem { isWell = false }
            report(finding.line(subject))
        }
        let settings: ProductSettings
        do {
            settings = try ProductSettings(config)
            note("configuration", .ok("every setting has a valid value"))
        } catch let problem as Misconfiguration {
            note("configuration", .problem("\(problem.key) \(problem.problem)", remedy: problem.remedy))
            return false
        }
        for unknown in try UnknownSetting.all(among: namesInFile, in: config) { note("settings file", unknown.finding) }
        if let exposed = try ExposedSettings(in: file, naming: namesInFile, of: config) {
            note("settings file", exposed.finding)
        }
        for exposed in try ExposedSettings.secretFiles(of: config) { note("secret file", exposed.advice) }
        note("process", MachineCheck.user)
        let home: Home
        do {
            home = try Home(lookingAt: config)
            let what = home.isMade ? "is yours alone" : "is not made yet; the first start makes it"
            note("permissions", .ok("\(home.folder.path) \(what)"))
        } catch let problem as Misconfiguration {
            note("permissions", .problem("\(problem.key) \(problem.problem)", remedy: problem.remedy))
            return false
        }
        let machine = MachineCheck(home: home, process: settings.process)
        for finding in machine.parents { note("permissions", finding) }
        note("temporary files", machine.temporaryFiles)
        note("ffmpeg", machine.converter)
        note("address", address(settings))
        note("prices", prices(settings, home))
        note("disk", DiskSpace(of: home.nearestFolder).finding)
        for (subject, finding) in await database(home) { note(subject, finding) }
        for (subject, finding) in await linkedAccounts(settings, home) { note(subject, finding) }
        let clients = HTTPClients(settings)
        note("clock", await ClockCheck(time: SystemTime()).run(against: services(settings, clients)))
        note("model", await model(settings, clients.model))
        note("whatsapp cloud", await cloud(settings, clients.network))
        try await clients.shutdown()
        return isWell
    }

    private func address(_ settings: ProductSettings) -> Finding {
        do {
            // The port itself belongs to the bot, if it runs.
            try settings.control.checkHost()
            return .ok("\(settings.control.host) is an address of this machine")
        } catch {
            return Finding(error, remedy: "Set HEALTH_HOST to an address of this machine.")
        }
    }

    private func prices(_ settings: ProductSettings, _ home: Home) -> Finding {
        let own = home.file("prices.json")
        do {
            if let path = settings.model.priceFile {
                _ = try PriceList.load(URL(filePath: path))
                return .ok("\(path) wins over the built-in ones")
            }
            guard FileManager.default.fileExists(atPath: own.path) else { return .ok("the built-in ones") }
            _ = try PriceList.load(own, named: own.lastPathComponent)
            return .ok("\(own.path) wins over the built-in ones")
        } catch {
            return Finding(error, remedy: "Remove the price file.")
        }
    }

    /// The services that are in use, those first whose time matters most.
    private func services(_ settings: ProductSettings, _ clients: HTTPClients) -> [ClockCheck.Service] {
        var services: [ClockCheck.Service] = []
        if settings.cloud.isConfigured {
            services.append(.init(address: settings.cloud.address, http: clients.network))
        }
        if let probe = try? probe(settings, clients.model) {
            services.append(.init(address: probe.address, http: clients.model))
        }
        return services
    }

    private func probe(_ settings: ProductSettings, _ http: HTTPClient) throws -> ModelProbe {
        let logger = Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() }
        return try LanguageModels.probe(settings.model, http: http, time: SystemTime(), logger: logger)
    }

    private func database(_ home: Home) async -> [(String, Finding)] {
        guard FileManager.default.fileExists(atPath: home.file("martlet.sqlite").path) else {
            return [("database", .ok("not made yet; the first start makes it"))]
        }
        do {
            let database = try Stores.openExisting(home)
            let problems = try await database.integrityProblems()
            let pending = try await Migrator(database, ProductSchema.whole.migrations, time: SystemTime()).pending()
            let size = try await database.sizeBytes() / 1024
            let letters = try pending.isEmpty ? await database.deadLetters(limit: 1_000).count : 0
            try await database.close()
            return [
                (
                    "database",
                    problems.isEmpty
                        ? .ok("\(size) kB, no damage found")
                        : .problem(
                            problems.prefix(3).joined(separator: "; "), remedy: "Stop the bot and restore a backup.")
                ),
                (
                    "schema",
                    pending.isEmpty
                        ? .ok("up to date")
                        : .problem(
                            "\(pending.count) steps are not applied",
                            remedy: "Run martlet migrate, or just start the bot.")
                ),
                (
                    "dead letters",
                    letters == 0
                        ? .ok("none")
                        : .problem("\(letters) jobs or replies were given up", remedy: "See martlet dead-letters.")
                ),
            ]
        } catch {
            let problem = error as? Misconfiguration
            return [
                (
                    "database",
                    .problem(
                        problem?.problem ?? error.safeDescription,
                        remedy: problem?.remedy ?? "Stop other programs that use it, or restore a backup.")
                )
            ]
        }
    }

    private func model(_ settings: ProductSettings, _ http: HTTPClient) async -> Finding {
        do {
            let probe = try probe(settings, http)
            switch await probe.reach() {
            case .ok(let models):
                let isListed =
                    models.isEmpty || models.contains { $0 == probe.model || $0.hasPrefix(probe.model + ":") }
                return isListed
                    ? .ok("\(probe.host) answers; the model is \(probe.model)")
                    : .problem(
                        "\(probe.host) does not list the model \(probe.model)",
                        remedy: "Set OPENAI_GPT_MODEL to one that it has, such as \(models[0]).")
            case .unauthorized:
                return .problem("\(probe.host) refuses the key", remedy: "Set OPENAI_API_KEY to a valid key.")
            case .unreachable(let why, let remedy):
                return .problem("\(probe.host) cannot be reached (\(why))", remedy: remedy)
            case .strange(let what):
                return .problem(
                    "\(probe.host) is no model server (\(what))",
                    remedy: "Check OPENAI_BASE_URL; it usually ends in /v1.")
            }
        } catch {
            return Finding(error, remedy: "See the settings of the language model in docs/configuration.md.")
        }
    }

    /// Looks at what is stored of each account, without connecting: the bot may run.
    private func linkedAccounts(_ settings: ProductSettings, _ home: Home) async -> [(String, Finding)] {
        let subject = "whatsapp web"
        guard settings.web.isOn else { return [(subject, .ok("switched off"))] }
        guard FileManager.default.fileExists(atPath: home.file("martlet.sqlite").path) else {
            return [(subject, .ok("no account is linked"))]
        }
        do {
            let database = try Stores.openExisting(home)
            let pending = try await Migrator(database, ProductSchema.whole.migrations, time: SystemTime()).pending()
            let lines = try await pending.isEmpty ? WhatsAppWebCheck(database, folder: home.folder).run() : []
            try await database.close()
            if lines.isEmpty { return [(subject, .ok("no account is linked"))] }
            return lines.map { line in
                let finding = line.problem.map { Finding.problem("\($0.key) \($0.problem)", remedy: $0.remedy) }
                return ("\(subject) \(line.account)", finding ?? .ok(line.detail))
            }
        } catch {
            return [(subject, Finding(error, remedy: "Stop other programs that use the database."))]
        }
    }

    private func cloud(_ settings: ProductSettings, _ http: HTTPClient) async -> Finding {
        guard settings.cloud.isConfigured else { return .ok("not configured") }
        switch await WhatsAppCloudCheck(settings.cloud, http: http).run() {
        case nil: return .ok("the token is valid and the number answers")
        case let problem?: return Finding(problem, remedy: problem.remedy)
        }
    }
}
