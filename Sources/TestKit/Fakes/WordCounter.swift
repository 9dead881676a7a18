public import BotKit

/// Counts a token for each word, so that a test can count along.
public struct WordCounter: TokenCounter {
    /// What the samples' server counts for the frame of each message.
    public static let frame = 3

    public init() {}

    public func count(_ text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }

    /// What the samples' server counts for a message of a request.
    public func count(of message: ModelRequest.Message) -> Int {
        message.parts.reduce(Self.frame) { sum, part in
            switch part {
            case .text(let text): sum + count(text)
            case .image: sum + 100
            }
        }
    }
}
