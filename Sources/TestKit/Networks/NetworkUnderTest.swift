public import BotKit
public import Foundation

/// A message network with a connected provider and one member, as a test stages it.
///
/// What stands behind it is the real provider with a real peer: a server that speaks the network's protocol.
public protocol NetworkUnderTest: Sendable {
    var provider: any MessageProvider { get }
    /// The member's name and number, as the network tells them.
    var member: (name: String, phone: PhoneNumber?) { get }
    /// What was stored, each message once, in the order in which it came.
    var received: [InboundMessage] { get }
    /// The news of what was sent.
    var reports: [DeliveryReport] { get }

    /// Lets the store refuse the next `count` times that something comes in.
    func refuseToStore(_ count: Int)
    /// Lets the network deliver the next message twice.
    func repeatNext() async throws
    /// Has the member write in the direct chat with us.
    /// - Returns: the network's name for the message.
    func write(_ said: MemberMessage) async throws -> MessageID
    /// Has the member read what we sent.
    func read(_ message: MessageID) async throws
    /// What the member's phone shows, oldest first; what was edited with its last words.
    func shown() async throws -> [ShownMessage]
    /// Whether the member was told that `message` was read.
    func isMarkedRead(_ message: MessageID) async throws -> Bool
    /// Whether the member was ever shown that we type.
    func isTypingShown() async throws -> Bool
    /// Lets the network fail from now on.
    func fail(_ fault: NetworkFault) async throws
    /// A chat of somebody whom the network does not know.
    var unknownChat: ChatID { get }
    /// Asks the provider to stop, and waits until it has.
    func shutDown() async throws

    // MARK: - On a network with groups

    /// Has the member make a group with us and a third person, of which the member alone is an admin.
    func makeGroup(_ subject: String) async throws -> ChatID
    /// Has the member make us an admin, or none.
    func setAdmin(_ isAdmin: Bool, in group: ChatID) async throws
    /// Has the third person write in a group.
    func write(_ text: String, in group: ChatID) async throws -> MessageID
    /// Whether a message was deleted on the member's phone.
    func isDeleted(_ message: MessageID) async throws -> Bool
}

extension NetworkUnderTest {
    public func makeGroup(_ subject: String) async throws -> ChatID { throw Outage("test", "there are no groups") }
    public func setAdmin(_ isAdmin: Bool, in group: ChatID) async throws {}
    public func write(_ text: String, in group: ChatID) async throws -> MessageID {
        throw Outage("test", "there are no groups")
    }
    public func isDeleted(_ message: MessageID) async throws -> Bool { false }
}

/// What a member does.
public enum MemberMessage: Sendable, Hashable {
    case text(String)
    case reply(String, to: MessageID)
    case image(Data, caption: String)
    /// An empty emoji takes the reaction back.
    case reaction(String, to: MessageID)
    /// Chooses an option, by its place, from a menu that was shown.
    case choice(from: MessageID, index: Int)
    case location(latitude: Double, longitude: Double, name: String)
}

/// What a member's phone shows of one of our messages.
public struct ShownMessage: Sendable, Hashable {
    /// The form that it has there.
    public enum Form: Sendable, Hashable {
        case text(String)
        /// Options to tap on.
        case menu(question: String, titles: [String])
        case media(Media.Kind, caption: String)
        /// An empty emoji takes the reaction back.
        case reaction(to: MessageID, emoji: String)
    }
    public var id: MessageID
    public var form: Form
    public var quotes: MessageID?

    public init(id: MessageID, form: Form, quotes: MessageID? = nil) {
        self.id = id
        self.form = form
        self.quotes = quotes
    }

    /// All words of it.
    public var words: String {
        switch form {
        case .text(let text): text
        case .menu(let question, let titles): ([question] + titles).joined(separator: "\n")
        case .media(_, let caption): caption
        case .reaction(_, let emoji): emoji
        }
    }
}

/// How a network can fail.
public enum NetworkFault: Sendable {
    /// It cannot take anything now, and may soon.
    case trouble
    /// It refuses the message for good.
    case refusal
}
