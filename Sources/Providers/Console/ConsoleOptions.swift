public import BotKit
public import Foundation

/// How `martlet chat` plays a member.
public struct ConsoleOptions: Sendable, Hashable {
    /// The number of the member that is played.
    public var sender: PhoneNumber
    /// The group that is played; `nil` for a direct chat.
    public var group: String?
    /// Whether a script speaks, one JSON object a line, instead of a person.
    public var json: Bool
    /// Whether time stands still until the script moves it.
    public var manualClock: Bool
    /// Whether colours may be used where they can be seen.
    public var colours: Bool

    /// The number that is played unless another one is asked for.
    public static let defaultSender = "15550000001"

    /// - Parameters:
    ///   - number: what stands after `--as`.
    ///   - group: the name of the group, 1 to 128 characters.
    ///   - environment: only `NO_COLOR` is looked at; any value but an empty one turns colours off (no-color.org).
    /// - Throws: `Misconfiguration` for a number or a name that is none.
    public init(
        as number: String = Self.defaultSender, group: String? = nil, json: Bool = false, manualClock: Bool = false,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        guard let sender = PhoneNumber(number) else {
            throw Misconfiguration(
                "--as", "is not a telephone number",
                remedy: "Write 7 to 15 digits, country code first, such as \(Self.defaultSender).")
        }
        if let group, !ConsoleMessage.isChatName(group) {
            throw Misconfiguration(
                "--group", "is not a name of a group", remedy: "Write 1 to 128 characters, none of them a control.")
        }
        self.sender = sender
        self.group = group
        self.json = json
        self.manualClock = manualClock
        colours = environment["NO_COLOR"]?.isEmpty ?? true
    }
}
