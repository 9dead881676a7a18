public import Foundation

/// A change of a runtime setting that can be taken back.
public struct SettingChange: Sendable, Hashable {
    /// Its row.
    public let id: Int64
    public let place: SettingPlace
    public let name: String
    /// The value before; `nil` when there was none.
    public let before: String?
    /// The value since; `nil` when there is none.
    public let after: String?

    public init(id: Int64, place: SettingPlace, name: String, before: String?, after: String?) {
        self.id = id
        self.place = place
        self.name = name
        self.before = before
        self.after = after
    }
}

/// What is set while the bot runs. What changes it are statements, which take effect with an answer.
public protocol SettingBook: Sendable {
    /// What is set at one place, by name.
    /// - Throws: `DatabaseError`.
    func values(at place: SettingPlace) async throws -> [String: String]
    /// Sets a value, or removes it with `nil`, and remembers what was there.
    func setting(_ name: String, to value: String?, at place: SettingPlace, at time: Date) -> [SQL]
    /// The newest change at a place that was not taken back.
    /// - Throws: `DatabaseError`.
    func lastChange(at place: SettingPlace) async throws -> SettingChange?
    /// Takes a change back.
    func undoing(_ change: SettingChange, at time: Date) -> [SQL]
}
