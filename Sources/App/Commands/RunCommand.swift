import ArgumentParser
import BotCore
import BotKit
import ControlPlane
import CoreMetrics
import Foundation
import Logging
import Providers

/// `martlet run`: the bot itself.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Start the bot.",
        discussion: """
            Settings come from --set, the environment and .env, in this order; see docs/configuration.md. With a \
            terminal, no .env and neither a model nor a number in the other sources, three questions are asked first, \
            and their answers tried out and written to .env. Settings that cannot work end the start with exit code 78 \
            before anything is written. SIGTERM and SIGINT end it gracefully.

            EXAMPLES
              martlet run
              martlet run --set LOG_LEVEL=debug
              martlet run --env-file /etc/martlet/martlet.env
              martlet run --set WORKER_MODE=true    heavy work only
            """)

    @OptionGroup var sources: ConfigurationOptions

    func run() async throws {
        var (config, namesInFile) = try sources.read()
        let isAtTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        if isAtTerminal, try sources.isBlank(config) {
            try await Wizard(terminal: Terminal(), sources: sources).run()
            (config, namesInFile) = try sources.read()
        }
        let settings = try ProductSettings(config)
        try StartCheck(settings: settings).run(listens: !settings.process.isWorker, isWorker: settings.process.isWorker)
        let home = try Home(config)
        guard !settings.process.isWorker else { return try await work(home, settings) }
        let usesTerminal = settings.process.usesTerminal && isAtTerminal
        let logger = ProductLogging.start(settings.logs, usesTerminal: usesTerminal)
        try UnknownSetting.all(among: namesInFile, in: config).log(to: logger)
        try ExposedSettings(in: sources.envFile, naming: namesInFile, of: config)?.log(to: logger)
        var options = Assembly.Options()
        let metrics = PrometheusMetrics(help: ProductMetrics.meanings)
        MetricsSystem.bootstrap(metrics)
        options.metrics = metrics
        if usesTerminal { options.console = try ConsoleOptions() }
        try await Assembly.run(home: home, settings: settings, logger: logger, options: options) { networks in
            let none = "none: link an account (martlet link), set CLOUD_PHONE_NUMBER_ID, or talk here (martlet chat)"
            let names = networks.isEmpty ? none : networks.map(\.rawValue).joined(separator: ",")
            logger.info(
                "martlet is running", metadata: ["version": "\(ProductVersion.text)", "networks": "\(names)"])
        }
    }
}

extension RunCommand {
    /// Does heavy work beside the bot.
    fileprivate func work(_ home: Home, _ settings: ProductSettings) async throws {
        let logger = ProductLogging.start(settings.logs, usesTerminal: false)
        var options = Assembly.Options()
        options.isWorker = true
        try await Assembly.run(home: home, settings: settings, logger: logger, options: options) { _ in
            logger.info(
                "martlet does heavy work beside the bot",
                metadata: ["version": "\(ProductVersion.text)", "pieces": "\(settings.core.queue.concurrency)"])
        }
    }
}

/// Starts the log: one line a record, on standard output, or on standard error when the terminal is for talking.
enum ProductLogging {
    static func start(_ settings: LogSettings, usesTerminal: Bool) -> Logger {
        var settings = settings
        // A conversation in the terminal is not to be interrupted by what goes well.
        if usesTerminal && settings.level == .info { settings.level = .warn }
        let handlers = settings.handlers(writingTo: usesTerminal ? .standardError : .standardOutput)
        LoggingSystem.bootstrap { handlers($0) }
        return Logger(label: "martlet")
    }
}
