import AIServices
import BotKit
import Configuration
import Foundation

/// The file of settings of a bot that Martlet takes the place of: what each line means here, and our settings from it.
struct EnvImport {
    enum Verdict: Equatable {
        case kept
        case renamed(to: String)
        case mapped(from: String, to: String)
        case ignored
        case unknown
        /// Our settings refuse it, or nobody can read it.
        case invalid
        /// It stands in no line: the earlier bots do so without being told, and Martlet does not.
        case added
    }

    /// What is said about one line of the file.
    struct Line: Equatable {
        /// `nil` for what stands in no line.
        let number: Int?
        /// The name, or what may be said of it; empty when there is none.
        let name: String
        let verdict: Verdict
        /// What the setting is from now on, secrets masked.
        var value: String?
        /// Why, and what to do.
        var reason = ""
    }

    /// So many lines with settings no file of these bots has.
    private static let limit = 2_000

    private(set) var lines: [Line] = []
    /// Our settings, in the order of the file. Only to be used when no line is invalid.
    private(set) var settings: [(name: String, value: String)] = []

    private let time: Date
    /// What counts of each name.
    private let last: [String: EnvFile.Entry]
    private let values: [String: String]
    private let known: [String]
    private let descriptions: [String: SettingDescription]

    /// Reads the text of a file.
    /// - Parameter time: now, for which models are switched off.
    /// - Throws: `Misconfiguration` when it is no file of settings.
    init(_ text: String, at time: Date) throws {
        let isText = !text.unicodeScalars.contains("\0")
        let entries = isText ? EnvFile.entries(of: text) : []
        guard !entries.isEmpty, entries.count <= Self.limit else {
            let problem = entries.isEmpty ? "holds no line NAME=VALUE" : "has more than \(Self.limit) settings"
            throw Misconfiguration(
                "the file", isText ? problem : "holds zero bytes, as no text does",
                remedy: "Name the .env of the earlier bot.")
        }
        self.time = time
        last = Dictionary(entries.compactMap { try? $0.get() }.map { ($0.name, $0) }) { $1 }
        values = last.mapValues { Self.value(of: $0).text }
        let config = Self.config(values)
        let groups = ProductSettings.groups
        // Where such a value is wrong, its own line says so.
        let all = groups.flatMap { $0.settings + ((try? $0.settings(namedIn: config)) ?? []) }
        known = all.flatMap { $0.isSecret ? [$0.name, "\($0.name)_FILE"] : [$0.name] }
        descriptions = Dictionary(
            all.flatMap { $0.isSecret ? [($0.name, $0), ("\($0.name)_FILE", $0)] : [($0.name, $0)] }
        ) { first, _ in first }
        for entry in entries {
            switch entry {
            case .success(let entry): read(entry)
            case .failure(let wrong):
                let reason = "\(wrong.problem). Write NAME=VALUE, with ' or \" around a value that has quotes"
                lines.append(Line(number: wrong.line, name: "", verdict: .invalid, reason: reason))
            }
        }
        addDefaults()
        checkTogether()
    }

    /// Whether something must be put right before the settings can be used.
    var invalidCount: Int { lines.count { $0.verdict == .invalid } }

    // MARK: - One line

    private mutating func read(_ entry: EnvFile.Entry) {
        let name = entry.name
        func line(_ verdict: Verdict, _ reason: String = "") -> Line {
            Line(number: entry.line, name: name, verdict: verdict, reason: reason)
        }
        let earlier = EarlierVariable.named(name)
        guard earlier != nil || descriptions[name] != nil else {
            let unknown = UnknownSetting(name, known: known)
            var reason = "no setting of the earlier bots or of Martlet; left out"
            if case .misspelt(let near) = unknown.cause { reason += ". Write \(near) if you meant that" }
            lines.append(Line(number: entry.line, name: unknown.name, verdict: .unknown, reason: reason))
            return
        }
        if let counts = last[name], counts.line != entry.line {
            lines.append(line(.ignored, "line \(counts.line) says it again, and the last one counts"))
            return
        }
        if earlier?.fate == .ignored {
            lines.append(line(.ignored, earlier?.remark ?? ""))
            return
        }
        let (value, wasCut) = Self.value(of: entry)
        guard !value.isEmpty else {
            lines.append(line(.ignored, "empty, so the default holds"))
            return
        }
        var result = take(value, of: name, line)
        if wasCut, result.verdict != .invalid {
            let hint = "cut at the #, as the earlier bots do; put quotes around it to keep the rest"
            result.reason = [result.reason, hint].filter { !$0.isEmpty }.joined(separator: "; ")
        }
        lines.append(result)
    }

    /// What a setting becomes that has a meaning here.
    private mutating func take(_ value: String, of name: String, _ line: (Verdict, String) -> Line) -> Line {
        if case .renamed(let new) = EarlierVariable.named(name)?.fate {
            return move(value, from: name, to: new, line)
        }
        switch name {
        case "OPENAI_API_KEY", "OPENAI_API_KEYS":
            if value.split(separator: ",").allSatisfy({ $0.contains(/^\s*(sk-)?[xX]{8,}\s*$/) }) {
                return line(.ignored, "the placeholder of the example file, not a key")
            }
            if name == "OPENAI_API_KEY", value.contains(",") {
                return move(value, from: name, to: "OPENAI_API_KEYS", line)
            }
            return accept(value, as: name, line(.kept, ""))
        case "OPENAI_GPT_MODEL": return takeModel(value, .kept, line)
        case "WHITELISTED_PHONE_NUMBERS" where !isTrue("WHITELISTED_ENABLED"):
            let reason = "without WHITELISTED_ENABLED=true everybody is answered, as before"
            return accept(value, as: name, line(.kept, reason))
        case "WHITELISTED_ENABLED" where isTrue(name) && (values["WHITELISTED_PHONE_NUMBERS"] ?? "").isEmpty:
            return accept(value, as: name, line(.kept, "with an empty list everybody is answered, as before"))
        default: return accept(value, as: name, line(.kept, ""))
        }
    }

    /// What another line says under the new name counts more.
    private mutating func move(
        _ value: String, from name: String, to new: String, _ line: (Verdict, String) -> Line
    ) -> Line {
        if let other = last[new], !(values[new] ?? "").isEmpty {
            return line(.ignored, "\(new) in line \(other.line) is what counts")
        }
        let verdict = Verdict.renamed(to: new)
        return new == "OPENAI_GPT_MODEL" ? takeModel(value, verdict, line) : accept(value, as: new, line(verdict, ""))
    }

    /// - Parameter verdict: what is said when the model is there.
    private mutating func takeModel(_ value: String, _ verdict: Verdict, _ line: (Verdict, String) -> Line) -> Line {
        let setting = "OPENAI_GPT_MODEL"
        let server = values["OPENAI_BASE_URL"].flatMap { URL(string: $0)?.host() }
        guard server == nil || server == "api.openai.com", let retired = RetiredModel.named(value) else {
            return accept(value, as: setting, line(verdict, ""))
        }
        let successor = retired.successor
        guard retired.isOff(at: time) else {
            let reason = "OpenAI switches it off on \(retired.day); from then on \(successor) answers"
            return accept(value, as: setting, line(verdict, reason))
        }
        var reason = "OpenAI switched it off on \(retired.day)"
        if case .renamed(let new) = verdict { reason += "; the setting is \(new)" }
        return accept(successor, as: setting, line(.mapped(from: value, to: successor), reason))
    }

    /// Takes a setting if our own reading of it does.
    private mutating func accept(_ value: String, as name: String, _ line: Line) -> Line {
        var line = line
        do {
            let shown = try descriptions[name]?.effective(Self.config([name: value]))
            line.value = descriptions[name]?.isSecret == true ? nil : shown
            settings.append((name, value))
            return line
        } catch {
            var reason = Self.words(of: error, line.name)
            if value.contains("@g.us") { reason += " Take groups (@g.us) out: an admin sends !allow group there." }
            return Line(number: line.number, name: line.name, verdict: .invalid, reason: reason)
        }
    }

    // MARK: - The whole

    private mutating func addDefaults() {
        for (name, value) in EarlierVariable.defaults where !settings.contains(where: { $0.name == name }) {
            guard !lines.contains(where: { $0.name == name && $0.verdict == .invalid }) else { continue }
            let own = descriptions[name]?.defaultText ?? "none"
            settings.append((name, value))
            lines.append(
                Line(
                    number: nil, name: name, verdict: .added, value: value,
                    reason: "what the earlier bots do without it; Martlet's own default is \(own)"))
        }
    }

    /// What only shows when all settings are read together, as the start does.
    private mutating func checkTogether() {
        guard invalidCount == 0 else { return }
        do {
            _ = try ProductSettings(Self.config(Dictionary(settings.map { ($0.name, $0.value) }) { $1 }))
        } catch {
            lines.append(Line(number: nil, name: "", verdict: .invalid, reason: Self.words(of: error, nil)))
        }
    }

    private func isTrue(_ name: String) -> Bool { values[name]?.lowercased() == "true" }

    /// The value as the earlier bots read it: to them a `#` without quotes always begins a comment, and a backtick is a
    /// quote too. Source: the package dotenv, version 16.
    private static func value(of entry: EnvFile.Entry) -> (text: String, wasCut: Bool) {
        let text = entry.value
        guard !entry.isQuoted else { return (text.trimmingCharacters(in: .whitespacesAndNewlines), false) }
        if text.count > 1, text.hasPrefix("`"), text.hasSuffix("`") {
            return (String(text.dropFirst().dropLast()), false)
        }
        guard let sign = text.firstIndex(of: "#") else { return (text, false) }
        return (text[..<sign].trimmingCharacters(in: .whitespaces), true)
    }

    private static func config(_ values: [String: String]) -> ConfigReader {
        ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: values))
    }

    /// The words of our settings; the name stands at the head of the line already.
    private static func words(of error: any Error, _ name: String?) -> String {
        guard let problem = error as? Misconfiguration else { return "cannot be read" }
        return problem.key == name ? "\(problem.problem). \(problem.remedy)" : problem.description
    }
}
