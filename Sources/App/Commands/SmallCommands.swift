import ArgumentParser
import BotKit
import Configuration

/// `martlet config`: the settings in force.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Print the settings in force, secrets masked.",
        discussion: """
            EXAMPLES
              martlet config
              martlet config --reference
              martlet config --errors

            One NAME=VALUE a line; a # before it marks a default.
            """)

    @Flag(help: "Print the reference page of all settings instead.")
    var reference = false

    @Flag(help: "Print the page of all error codes and alerts instead.")
    var errors = false

    @OptionGroup var sources: ConfigurationOptions

    func run() async throws {
        if errors { return print(ErrorReference.markdown, terminator: "") }
        if reference { return print(ConfigurationReference.markdown, terminator: "") }
        let config = try sources.reader()
        for group in ProductSettings.groups {
            print("# \(group.title)")
            for setting in try group.settings + group.settings(namedIn: config) {
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
