import ArgumentParser

/// `martlet doctor`: is everything there that the bot needs?
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check configuration, permissions, address, prices, disk, clock, database and network services.",
        discussion: """
            One line for each check: ok, or problem with its remedy. The exit code is 1 when there is a problem.

            EXAMPLES
              martlet doctor
              martlet doctor --env-file /etc/martlet/martlet.env
            """)

    @OptionGroup var sources: ConfigurationOptions

    func run() async throws {
        let (config, namesInFile) = try sources.read()
        let isWell = try await Doctor(config: config, file: sources.envFile, namesInFile: namesInFile)
            .examine { print($0) }
        if !isWell { throw ExitCode(ExitStatus.failure) }
    }
}
