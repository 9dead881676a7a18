public import Foundation
import WhatsAppProto

/// A question with answers to choose from.
public struct Poll: Sendable, Hashable {
    public var question: String
    public var options: [String]
    /// How many options one member may choose; nil if any number.
    public var maximumChoices: Int?
    public var isQuiz: Bool
    /// After which no vote counts.
    public var endsAt: Date?

    public init(
        _ question: String, options: [String], maximumChoices: Int? = 1, isQuiz: Bool = false, endsAt: Date? = nil
    ) {
        self.question = question
        self.options = options
        self.maximumChoices = maximumChoices
        self.isQuiz = isQuiz
        self.endsAt = endsAt
    }

    /// The most options that WhatsApp takes.
    public static let mostOptions = 12
    /// The most options that are read.
    static let mostOptionsRead = 100

    init(_ message: WAPollCreationMessage) {
        self.init(
            message.name, options: message.options.prefix(Self.mostOptionsRead).map(\.name),
            maximumChoices: message.selectableOptionsCount.ifNotZero, isQuiz: message.pollKind == .quiz,
            endsAt: Date(messageSeconds: message.endTime))
    }
}
