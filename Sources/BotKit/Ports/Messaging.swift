public import Foundation
public import ServiceLifecycle

/// Where providers hand over what came in.
public protocol Inbox: Sendable {
    /// Stores the messages, those that are not there yet, together with `writes`, in one transaction.
    ///
    /// Returns when they are durable; only then may the network be told that they arrived.
    /// - Throws: `Outage` when they cannot be stored now; the network shall deliver them again.
    func receive(_ messages: [InboundMessage], writes: [SQL]) async throws
    /// The same, when members of direct chats got in touch without a message as well, by a call for instance: replies
    /// that wait for that go out.
    /// - Throws: `Outage`, as above.
    func receive(_ messages: [InboundMessage], writes: [SQL], visited chats: [ChatID]) async throws
    /// The statements that store messages, those that are not there yet, for the record: they are never answered.
    func keeping(_ messages: [InboundMessage]) throws -> [SQL]
    /// A message that was stored and is still there, for a network that must show what a reply is about.
    /// - Throws: `DatabaseError`.
    func message(_ id: MessageID, in chat: ChatID) async throws -> InboundMessage?
}

extension Inbox {
    public func receive(_ messages: [InboundMessage], writes: [SQL], visited chats: [ChatID]) async throws {
        try await receive(messages, writes: writes)
    }

    /// For an inbox without a store.
    public func keeping(_ messages: [InboundMessage]) throws -> [SQL] { [] }
    public func message(_ id: MessageID, in chat: ChatID) async throws -> InboundMessage? { nil }
}

/// Where providers hand over the news of what was sent.
public protocol DeliveryReports: Sendable {
    /// Takes the news of a message that was sent: it was delivered, read, or failed later.
    func report(_ report: DeliveryReport) async throws
    /// Whether a message is one that this bot sent, and not one that another program sent from the same account.
    /// - Parameters:
    ///   - message: the network's name for it.
    ///   - row: the row of the outbox, when the network carries it back to us.
    func knows(_ message: MessageID, row: Int64?) async throws -> Bool
}

/// News about a message that was sent.
public struct DeliveryReport: Sendable, Hashable {
    /// How far a message has come; a state only moves up.
    public enum State: Int, Sendable, Hashable, Codable, Comparable {
        case accepted = 1, sent, delivered, read, played
        public static func < (a: State, b: State) -> Bool { a.rawValue < b.rawValue }
    }
    /// What is new.
    public enum Event: Sendable, Hashable {
        case reached(State)
        case failed(SendFailure)
    }

    /// The row of the outbox, when the network carries it back to us.
    public var row: Int64?
    /// The network's name for the message.
    public var message: MessageID
    public var event: Event
    public var at: Date

    public init(row: Int64?, message: MessageID, event: Event, at: Date) {
        self.row = row
        self.message = message
        self.event = event
        self.at = at
    }
}

/// Why a message was not sent, in terms of what the outbox shall do now.
public struct SendFailure: ClassifiedError, Hashable {
    /// What the outbox does with the message and with those behind it.
    public enum Remedy: Sendable, Hashable {
        /// It surely did not go out; try again with back-off, not before `after`.
        case retry(after: Duration?)
        /// It surely did not go out, and will not for so long; those behind it go on meanwhile.
        case postpone(Duration)
        /// It may have gone out; wait for news of it before trying again.
        case uncertain
        /// Hold this chat alone for a while, the longer the more often it happens.
        case holdChat(Duration)
        /// Hold the whole account.
        case holdAccount(Duration)
        /// Stop sending for this account until the operator has acted.
        case stopAccount
        /// The network takes nothing but templates until the member writes again.
        case windowClosed
        /// It will never go out.
        case giveUp
    }

    public var remedy: Remedy
    /// A closed word for metrics, such as `131047` or `timeout`.
    public var code: String
    public var description: String
    /// Whether the network was asked at all. What failed before counts as no attempt.
    public var wasTried = true
    /// Whether the person blocked us, or told the network to let nothing of ours through.
    public var isUnwanted = false
    public var errorCode: ErrorCode { .labelled(code) ?? .refusedByNetwork }
    public var failureClass: FailureClass {
        switch remedy {
        case .retry, .postpone, .uncertain, .holdChat, .holdAccount, .windowClosed: .outage
        case .stopAccount: .misconfiguration
        case .giveUp: .defect
        }
    }

    public init(_ remedy: Remedy, code: String, _ description: String) {
        self.remedy = remedy
        self.code = code
        self.description = description
    }
}

/// A steady rate with room for a burst.
public struct Pace: Sendable, Hashable {
    /// The time between two messages in the long run.
    public var interval: Duration
    /// How many may go at once after a rest.
    public var burst: Int

    /// - Returns: `nil`, no limit, when the interval is zero.
    public init?(interval: Duration, burst: Int) {
        guard interval > .zero else { return nil }
        self.interval = interval
        self.burst = max(1, burst)
    }
}

/// What a network can show, so that replies are cut to fit.
public struct Abilities: Sendable, Hashable {
    /// The most characters (UTF-16 units) in one text.
    public var textLimit: Int
    /// The most buttons under one message; 0 when there are none.
    public var buttons: Int
    /// The most rows of a list; 0 when there are none.
    public var listRows: Int
    /// How long a typing state lasts; `nil` when there is none.
    public var typingLasts: Duration?
    /// Whether we choose message ids, so that a repeated send is the same message.
    public var choosesMessageIDs: Bool
    /// How long to wait for news of a message before the next one in the same chat, to keep their order.
    public var orderWait: Duration?
    /// How long to wait for news of a message whose sending was cut, before it is sent once more.
    public var lostAnswerWait: Duration
    /// How fast one chat, and the whole account, may be written to; `nil` means no limit.
    public var chatPace: Pace?
    public var accountPace: Pace?
    /// The types of documents that it takes, such as `application/pdf`; `nil` is all.
    public var documentTypes: Set<String>?
    /// How long after a text was sent its words can be changed; `nil` when they cannot.
    public var editWindow: Duration?

    public init(
        textLimit: Int, buttons: Int = 0, listRows: Int = 0, typingLasts: Duration? = nil,
        choosesMessageIDs: Bool = false, orderWait: Duration? = nil, lostAnswerWait: Duration = .seconds(45),
        chatPace: Pace? = nil, accountPace: Pace? = nil, documentTypes: Set<String>? = nil, editWindow: Duration? = nil
    ) {
        self.textLimit = textLimit
        self.buttons = buttons
        self.listRows = listRows
        self.typingLasts = typingLasts
        self.choosesMessageIDs = choosesMessageIDs
        self.orderWait = orderWait
        self.lostAnswerWait = lostAnswerWait
        self.chatPace = chatPace
        self.accountPace = accountPace
        self.documentTypes = documentTypes
        self.editWindow = editWindow
    }

    /// Whether it takes a document of a type without parameters.
    public func takes(_ mimeType: String) -> Bool { documentTypes?.contains(mimeType) ?? true }
}

/// A reply on its way out.
public struct OutgoingMessage: Sendable, Hashable {
    /// Its row in the outbox; a network that can carry a token back carries this.
    public var row: Int64
    public var chat: ChatID
    /// The id that we chose and stored before sending, on a network where we choose.
    public var messageID: MessageID?
    public var reply: RenderedReply
    /// The message of ours whose words the text of `reply` takes the place of, on a network that can edit; `nil` for a
    /// message of its own.
    public var edits: MessageID?
    /// How often it was tried before.
    public var attempt: Int

    public init(
        row: Int64, chat: ChatID, messageID: MessageID?, reply: RenderedReply, edits: MessageID? = nil, attempt: Int
    ) {
        self.row = row
        self.chat = chat
        self.messageID = messageID
        self.reply = reply
        self.edits = edits
        self.attempt = attempt
    }
}

/// One account on a message network. `run()` connects and feeds the inbox until shutdown.
public protocol MessageProvider: Service {
    var account: AccountID { get }
    var abilities: Abilities { get }
    /// Whether the network can be reached now.
    var isConnected: Bool { get async }
    /// Hands a reply to the network.
    /// - Returns: the network's name for the message.
    /// - Throws: `SendFailure`.
    func send(_ message: OutgoingMessage) async throws -> MessageID
    /// An id for a message that will be sent, on a network where we choose.
    func makeMessageID() -> MessageID?
    /// Whether a menu is shown there so that members type the number of an option: in words, or with more options than
    /// there are buttons.
    func takesNumbers(for menu: RenderedReply, inGroup: Bool) -> Bool
    /// The name that `chat` bears now. A network may find out that two direct chats are one person's, and then moves
    /// the rows of one to the other in the transaction that shows it; what is stored later asks here.
    /// - Throws: `DatabaseError`.
    func presentName(of chat: ChatID) async throws -> ChatID
    /// Tells the network that `message` was read and, if `typing`, that an answer is being written. Best effort.
    func acknowledge(_ message: InboundMessage, typing: Bool) async
    /// The bytes of a file that came in.
    /// - Throws: `Outage`, or `Refusal` when it is larger than `maxBytes`.
    func load(_ media: Media, maxBytes: Int) async throws -> Data
    /// All names under which a person is or was known, `member` among them.
    /// - Throws: `DatabaseError`.
    func names(of member: MemberID) async throws -> [MemberID]
    /// What the tables hold about the people is erased: what is remembered of them in memory goes too, and what the
    /// network keeps of them for itself.
    /// - Throws: `DatabaseError`.
    func forget(_ members: [MemberID], in chats: [ChatID]) async throws
    /// Copies of replies that the network keeps for itself go, where the reply was removed.
    /// - Throws: `DatabaseError`.
    func forgetOldReplies() async throws
    /// The groups of the account; `nil` on a network that has none, or does not let us ask.
    var groups: (any GroupAdministration)? { get }
    /// The people whom the account writes with; `nil` on a network that blocks nobody.
    var contacts: (any ContactBlocking)? { get }
}

extension MessageProvider {
    public var groups: (any GroupAdministration)? { nil }
    public var contacts: (any ContactBlocking)? { nil }

    public func makeMessageID() -> MessageID? { nil }

    public func takesNumbers(for menu: RenderedReply, inGroup: Bool) -> Bool {
        guard case .menu(_, let options) = menu.content else { return false }
        return options.count > abilities.buttons
    }

    public func presentName(of chat: ChatID) async throws -> ChatID { chat }
    public func names(of member: MemberID) async throws -> [MemberID] { [member] }
    public func forget(_ members: [MemberID], in chats: [ChatID]) async throws {}
    public func forgetOldReplies() async throws {}
}

/// Reads the files that came with messages, whatever their network.
public protocol MediaLibrary: Sendable {
    /// - Throws: `Outage`, or `Refusal` when the file is larger than `maxBytes`.
    func load(_ media: Media, from chat: ChatID, maxBytes: Int) async throws -> Data
}
