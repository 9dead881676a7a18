import ArgumentParser
import Foundation
import Providers

/// `martlet webhook inspect`: what we read from payloads.
struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Look into webhook payloads.", subcommands: [Inspect.self])

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what is read from payload files, one JSON object a line.",
            discussion: """
                Each line has file, account, kind, id, from, user_id, timestamp, text, reply_to, media_id, status and \
                errors, as far as the update has them. Nothing is checked for a signature, stored or sent. A file that \
                cannot be read, or is no webhook, is named on standard error; the others are printed all the same, and \
                the exit code is 1.

                EXAMPLES
                  martlet webhook inspect payload.json
                  martlet webhook inspect captured/*.json
                  curl -s https://example.org/payload.json | martlet webhook inspect -
                """)

        @Argument(help: "Files with one webhook body each; - reads standard input.")
        var files: [String]

        func run() throws {
            var isWell = true
            for file in files {
                do {
                    for line in try WebhookInspection.lines(of: try bytes(of: file), file: file) { print(line) }
                } catch let body as WebhookInspection.Unreadable {
                    isWell = false
                    StandardError.write("martlet: \(file) is no webhook: \(body.reason)")
                } catch {
                    isWell = false
                    StandardError.write("martlet: \(file) cannot be read: \(error.localizedDescription)")
                }
            }
            if !isWell { throw ExitCode.failure }
        }

        private func bytes(of file: String) throws -> [UInt8] {
            guard file == "-" else { return Array(try Data(contentsOf: URL(filePath: file))) }
            return Array(try FileHandle.standardInput.readToEnd() ?? Data())
        }
    }
}
