public import Configuration
import Foundation

/// One setting: its environment variable, shape and default. The reference page of the docs is made from these.
public struct Setting<Value: Sendable>: Sendable {
    /// The environment variable, such as `OPENAI_API_KEY`.
    public let name: String
    /// What a value looks like, for the docs and for the message about a wrong one: "an integer from 0 to 10000".
    public let shape: String
    /// The default as it would be written; `nil` when there is none.
    public let defaultText: String?
    /// What it is for, in one or two sentences.
    public let purpose: String
    /// Whether the value must never be shown.
    public let isSecret: Bool
    /// Why 0 is refused, of a setting that takes numbers and cannot be switched off.
    private(set) var neverZero: String?
    let fallback: Value
    let parse: @Sendable (String) -> Value?

    /// - Parameter parse: gives `nil` for a text that is wrong. Where the value itself is an optional, so does one that
    ///   is `nil`: no text stands for "no value".
    public init(
        _ name: String, shape: String, default fallback: Value, written defaultText: String?, secret: Bool = false,
        _ purpose: String, parse: @escaping @Sendable (String) -> Value?
    ) {
        self.name = name
        self.shape = shape
        self.defaultText = defaultText
        self.purpose = purpose
        isSecret = secret
        self.fallback = fallback
        self.parse = { text in parse(text).flatMap { ($0 as? any Absentable)?.isAbsent == true ? nil : $0 } }
    }

    /// The setting, saying why it cannot be switched off with 0: on the reference page, and to whoever tries.
    /// - Parameter reason: the end of a sentence, such as "a call that never ends would hold its chat".
    public func neverZero(_ reason: String) -> Setting {
        var setting = Setting(
            name, shape: shape, default: fallback, written: defaultText, secret: isSecret,
            "\(purpose) Cannot be 0: \(reason).", parse: parse)
        setting.neverZero = reason
        return setting
    }

    /// What is wrong with `text`, which it does not take.
    func problem(with text: String) -> String {
        if let neverZero, Double(text) == 0 { return "cannot be 0: \(neverZero)" }
        return "must be \(shape)\(isSecret ? "" : ", is \"\(text.withoutPasswords.prefix(80))\"")"
    }
}

/// A value that may be none. A closure that gives `[UInt8]?` is taken for one that gives `[UInt8]??`, and its `nil` for
/// a value: this tells them apart.
private protocol Absentable { var isAbsent: Bool { get } }

extension Optional: Absentable { fileprivate var isAbsent: Bool { if case .none = self { true } else { false } } }

/// A setting without its type, for the reference page and for `martlet config`.
public struct SettingDescription: Sendable {
    public let name: String
    public let shape: String
    public let defaultText: String?
    public let purpose: String
    public let isSecret: Bool
    /// The value in force as text, or the problem with it; secrets are masked.
    public let effective: @Sendable (ConfigReader) throws -> String?
}

extension Setting {
    /// The setting without its type.
    public var described: SettingDescription {
        SettingDescription(
            name: name, shape: shape, defaultText: defaultText, purpose: purpose, isSecret: isSecret,
            effective: { config in
                _ = try config[self]
                guard let text = try config.written(name, isSecret: isSecret) else { return defaultText }
                return isSecret ? "••••••" : text.withoutPasswords
            })
    }
}

/// A part of the product that reads settings.
public protocol SettingsGroup: Sendable {
    /// The heading of its settings in the reference page.
    static var title: String { get }
    static var settings: [SettingDescription] { get }
    /// Further settings, whose names stand in the values of others; in most groups there are none.
    /// - Throws: `Misconfiguration` when such a value has the wrong shape.
    static func settings(namedIn config: ConfigReader) throws -> [SettingDescription]
    /// - Throws: `Misconfiguration` with the key, the shape and the remedy.
    init(_ config: ConfigReader) throws
}

extension SettingsGroup {
    public static func settings(namedIn config: ConfigReader) throws -> [SettingDescription] { [] }
}

extension ConfigReader {
    /// The value of a setting; an absent or empty one is its default.
    /// - Throws: `Misconfiguration` when what is written has the wrong shape.
    public subscript<Value>(_ setting: Setting<Value>) -> Value {
        get throws {
            guard let text = try written(setting.name, isSecret: setting.isSecret) else { return setting.fallback }
            guard let value = setting.parse(text) else {
                throw Misconfiguration(
                    setting.name, setting.problem(with: text),
                    remedy: "Set \(setting.name) to \(setting.shape)"
                        + (setting.defaultText.map { ", or remove it for the default (\($0))." } ?? "."))
            }
            return value
        }
    }

    /// What is written for `name`; a secret may also stand in the file that `NAME_FILE` points to.
    fileprivate func written(_ name: String, isSecret: Bool) throws -> String? {
        if let text = string(forKey: ConfigKey([name.lowercased()]), isSecret: isSecret)?.trimmed, !text.isEmpty {
            return text
        }
        guard isSecret, let path = string(forKey: ConfigKey(["\(name.lowercased())_file"]))?.trimmed, !path.isEmpty
        else { return nil }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.utf8.count <= 65_536 else {
            throw Misconfiguration(
                "\(name)_FILE", "points to a file that cannot be read",
                remedy: "Make \(path) readable for the user that runs Martlet, or remove \(name)_FILE.")
        }
        guard !text.trimmed.isEmpty, !text.trimmed.contains(where: { $0.isNewline || $0 == "\0" }) else {
            throw Misconfiguration(
                "\(name)_FILE", "points to a file that does not hold one line",
                remedy: "Write the secret into \(path) as one line, or remove \(name)_FILE.")
        }
        return text.trimmed
    }
}

extension String {
    /// The text with the name and password of every address in it masked.
    fileprivate var withoutPasswords: String { replacing(/:\/\/[^\/@\s]+@/, with: "://••••••@") }
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
