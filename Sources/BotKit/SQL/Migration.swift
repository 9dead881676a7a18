/// A step of a schema that is never changed once it has shipped.
public struct Migration: Sendable {
    /// Unique in the product and sorted within its owner: `chat.0001`.
    public let id: String
    public let statements: [SQL]

    public init(_ id: String, _ statements: [SQL]) {
        self.id = id
        self.statements = statements
    }
}
