import BotKit
import Configuration
import Logging

/// A name in the file of settings that means nothing: whatever stands there has no effect.
struct UnknownSetting: Equatable {
    enum Cause: Equatable {
        /// The name that was probably meant.
        case misspelt(String)
        /// A setting of the bot that Martlet replaces, or of its fork.
        case original
        case stranger
    }

    /// The name, or what may be said of it.
    let name: String
    let cause: Cause

    /// The names of `file` that no setting has, sorted. In the environment most names are others'; a file of settings
    /// is written for us alone.
    /// - Throws: `Misconfiguration` when a setting that names others has the wrong shape.
    static func all(among file: [String], in config: ConfigReader) throws -> [UnknownSetting] {
        let known = try ProductSettings.names(in: config)
        return file.filter { !known.contains($0) }.sorted().map { UnknownSetting($0, known: known) }
    }

    init(_ written: String, known: [String]) {
        let typed = written.uppercased()
        if EarlierVariable.unused.contains(typed) {
            (name, cause) = (typed, .original)
        } else if let near = known.contains(typed) ? typed : Spelling.nearest(to: typed, among: known, within: 5) {
            (name, cause) = (written, .misspelt(near))
        } else {
            // What looks like no name may be a piece of a secret that broke off a line.
            let isName = written.count <= 64 && written == typed
            (name, cause) = (isName ? written : "(a name that is not in capitals)", .stranger)
        }
    }

    /// What is wrong and what to do. What came along from the original bot is no problem.
    var finding: Finding {
        switch cause {
        case .misspelt(let near):
            .problem("\(name) is no setting and has no effect", remedy: "Write \(near) if you meant that.")
        case .original: .ok("\(name) is known from the original bot, and not used here")
        case .stranger:
            .problem("\(name) is no setting and has no effect", remedy: "Remove it; martlet config prints all names.")
        }
    }
}

extension [UnknownSetting] {
    /// Tells the operator once, at the start.
    func log(to logger: Logger) {
        let original = filter { $0.cause == .original }.map(\.name)
        for setting in self {
            var metadata: Logger.Metadata = ["setting": "\(setting.name)"]
            if case .misspelt(let near) = setting.cause { metadata["did_you_mean"] = "\(near)" }
            if setting.cause != .original {
                logger.warning(
                    "the file of settings has a name that is no setting; it has no effect", metadata: metadata)
            }
        }
        if !original.isEmpty {
            logger.notice(
                "the file of settings has names of the original bot that are not used here",
                metadata: ["settings": "\(original.joined(separator: ","))"])
        }
    }
}

extension ProductSettings {
    /// The names of all settings, with those that stand in the values of others.
    /// - Throws: `Misconfiguration` when such a value has the wrong shape.
    static func names(in config: ConfigReader) throws -> [String] {
        try groups.flatMap { try $0.settings + $0.settings(namedIn: config) }
            .flatMap { $0.isSecret ? [$0.name, "\($0.name)_FILE"] : [$0.name] }
    }
}
