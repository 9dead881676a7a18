import BotKit

/// The reference page of all settings, made from the settings themselves.
enum ConfigurationReference {
    static var markdown: String {
        var lines = [
            "# Settings", "",
            "Made by `martlet config --reference`; edit the settings in the code, not this page.", "",
            """
            Settings come from `--set NAME=VALUE`, the environment, and the `.env` file, in this order. An empty value
            means the default. A secret may also stand in a file: `NAME_FILE=/path` reads it from there. A wrong value
            stops the start with exit code 78 and a line that says what to do.

            In `.env`, a line is `NAME=VALUE`. A value goes to the end of its line, or to a `#` after a space. One with
            quotes, backslashes, such a `#`, or several lines stands between `'` (everything in it means itself) or `"`
            (a backslash goes before `"`, `\\`, `$` and `` ` ``; `\\n` is a new line). Nothing is filled in for `$`. The
            start and `martlet doctor` tell of names that no setting has.
            """, "",
        ]
        for group in ProductSettings.groups {
            lines += [
                "## \(group.title)", "", "| Name | Value | Default | What it is for |", "| --- | --- | --- | --- |",
            ]
            for setting in group.settings {
                let secret = setting.isSecret ? " (secret)" : ""
                let fallback = setting.defaultText.map { "`\($0)`" } ?? ""
                let purpose = setting.purpose.replacing("|", with: "\\|")
                let shape = setting.shape.replacing("|", with: "\\|")
                lines.append("| `\(setting.name)` | \(shape)\(secret) | \(fallback) | \(purpose) |")
            }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }
}
