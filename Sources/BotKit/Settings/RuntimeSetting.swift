/// How far a setting reaches that is changed while the bot runs; the narrowest one that is set wins.
public enum SettingScope: String, Sendable, Codable, CaseIterable, Comparable {
    case installation, account, chat, member

    public static func < (a: SettingScope, b: SettingScope) -> Bool { a.width < b.width }

    private var width: Int {
        switch self {
        case .installation: 0
        case .account: 1
        case .chat: 2
        case .member: 3
        }
    }
}

/// Where a setting is set: nowhere in particular, or for one account, chat or member.
public struct SettingPlace: Sendable, Hashable {
    public let scope: SettingScope
    public let account: AccountID?
    public let chat: ChatID?
    public let member: MemberID?

    /// The place of a scope, seen from a turn.
    public init(_ scope: SettingScope, of turn: Turn) {
        self.scope = scope
        account = scope == .account ? turn.chat.id.account : nil
        chat = scope == .chat ? turn.chat.id : nil
        member = scope == .member ? turn.member.id : nil
    }
}

/// A setting that may be changed while the bot runs, `!config TARGET KEY VALUE`; never a secret.
public struct RuntimeSetting<Value: Sendable>: Sendable {
    /// The first word, such as `gpt`.
    public let target: String
    /// The second word, such as `model`.
    public let key: String
    /// The scopes in which it may be set.
    public let scopes: Set<SettingScope>
    /// A line of help, with `{command}` for the word that calls it.
    public let usage: Text
    /// A line that says which values there are.
    public let valid: Text
    let parse: @Sendable (String) -> Value?

    /// - Parameter parse: gives `nil` for a text that is wrong.
    public init(
        _ target: String, _ key: String, in scopes: Set<SettingScope>, usage: Text, valid: Text,
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.target = target
        self.key = key
        self.scopes = scopes
        self.usage = usage
        self.valid = valid
        self.parse = parse
    }

    /// What it is stored under; never changes once shipped.
    public var name: String { "\(target).\(key)" }

    /// The setting without its type.
    /// - Parameters:
    ///   - fallback: what holds where nothing is set, as text; `nil` is nothing.
    ///   - isFreeText: whether the value is words of people, which stand in no audit.
    ///   - isUsed: whether a part of the product reads it by now.
    ///   - forGroupAdmins: what those may choose who administer no more than a group; `nil` is everything.
    public func described(
        fallback: String?, isFreeText: Bool = false, isUsed: Bool = true, forGroupAdmins: Set<String>? = nil
    ) -> RuntimeSettingDescription {
        RuntimeSettingDescription(
            target: target, key: key, name: name, scopes: scopes, usage: usage, valid: valid, fallback: fallback,
            isFreeText: isFreeText, isUsed: isUsed, forGroupAdmins: forGroupAdmins,
            accepts: { parse($0) != nil })
    }
}

/// A runtime setting without its type, for `!config`.
public struct RuntimeSettingDescription: Sendable {
    public let target: String
    public let key: String
    public let name: String
    public let scopes: Set<SettingScope>
    public let usage: Text
    public let valid: Text
    public let fallback: String?
    public let isFreeText: Bool
    public let isUsed: Bool
    public let forGroupAdmins: Set<String>?
    public let accepts: @Sendable (String) -> Bool
}

/// What is set for a turn: in the installation, for its account, its chat and its member.
public struct RuntimeValues: Sendable, Hashable {
    /// A value and how far it reaches.
    public struct Stored: Sendable, Hashable {
        public let scope: SettingScope
        public let text: String
        public init(_ scope: SettingScope, _ text: String) {
            self.scope = scope
            self.text = text
        }
    }

    private var values: [String: Stored] = [:]

    public init() {}

    /// Adds a value; a narrower one that is there stays.
    public mutating func add(_ value: Stored, to name: String) {
        if let known = values[name], known.scope > value.scope { return }
        values[name] = value
    }

    public var isEmpty: Bool { values.isEmpty }

    /// The value that holds; `nil` when none is set, or what is stored means nothing any more.
    public subscript<Value>(_ setting: RuntimeSetting<Value>) -> Value? {
        values[setting.name].flatMap { setting.parse($0.text) }
    }

    /// What is stored under a name, as text.
    public func stored(_ name: String) -> Stored? { values[name] }
}
