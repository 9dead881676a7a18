import ArgumentParser
import BotKit
import Configuration
import Foundation
import Providers

/// `martlet config`: the settings in force.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Print the settings in force, secrets masked.",
        discussion: """
            EXAMPLES
              martlet config                 NAME=VALUE a line; a # before it marks a default
              martlet config --reference     the reference page of all settings, as Markdown
            """)

    @Flag(help: "Print the reference page of all settings instead.")
    var reference = false

    @OptionGroup var sources: ConfigurationOptions

    func run() async throws {
        if reference { return print(ConfigurationReference.markdown, terminator: "") }
        let config = try sources.reader()
        for group in ProductSettings.groups {
            print("# \(group.title)")
            for setting in group.settings {
                let value = try setting.effective(config)
                let isDefault = value == setting.defaultText
                print(isDefault ? "# \(setting.name)=\(value ?? "")" : "\(setting.name)=\(value ?? "")")
            }
        }
    }
}

/// `martlet version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version.", discussion: "EXAMPLES\n  martlet version")

    func run() { print("martlet \(ProductVersion.text)") }
}

/// `martlet webhook inspect`: what we read from payloads.
struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook", abstract: "Look into webhook payloads.", subcommands: [Inspect.self])

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what is read from payload files, one JSON object a line.",
            discussion: """
                Each line has file, account, kind, id, from, user_id, timestamp, text, reply_to, media_id, status and
                errors, as far as the update has them. Nothing is checked for a signature, stored or sent.

                EXAMPLES
                  martlet webhook inspect payload.json
                  martlet webhook inspect captured/*.json
                """)

        @Argument(help: "Files with one webhook body each.")
        var files: [String]

        func run() throws {
            for file in files {
                guard let bytes = FileManager.default.contents(atPath: file) else {
                    throw Misconfiguration(file, "cannot be read", remedy: "Name a file with a webhook body.")
                }
                for line in WebhookInspection.lines(of: Array(bytes), file: file) { print(line) }
            }
        }
    }
}
