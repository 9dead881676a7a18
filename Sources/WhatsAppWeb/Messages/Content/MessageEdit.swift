public import Foundation

/// A new content for a message that the same person sent before.
public struct MessageEdit: Sendable, Hashable {
    public var target: MessageReference
    public var content: MessageContent
    /// The sender's own time.
    public var at: Date?

    public init(_ target: MessageReference, content: MessageContent, at time: Date? = nil) {
        self.target = target
        self.content = content
        at = time
    }
}
