import ArgumentParser
import BotKit
import Foundation

/// Runs the command that was typed and turns what it throws into one line and an exit code.
@main
enum Main {
    static func main() async {
        ProcessHardening.apply()
        do {
            var command = try MartletCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let problem as Misconfiguration {
            StandardError.write("martlet: \(problem.description)")
            exit(ExitStatus.configuration)
        } catch let problem as any ClassifiedError {
            StandardError.write("martlet: \(problem.description)")
            exit(problem.failureClass == .misconfiguration ? ExitStatus.configuration : ExitStatus.failure)
        } catch {
            MartletCommand.exit(withError: error)
        }
    }
}

/// The exit codes, as sysexits.h names them.
enum ExitStatus {
    static let failure: Int32 = 1
    /// `EX_CONFIG`: a setting or the surroundings must be put right; a restart alone does not help.
    static let configuration: Int32 = 78
}

/// Lines for the person at the terminal that are no part of a command's result.
enum StandardError {
    static func write(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
