/// What becomes of a table's rows about one person when two names turn out to be theirs, where moving them to the name
/// that remains is not enough. It runs before they are moved.
public struct Joining: Sendable, Hashable {
    private let name: String
    /// The statements, for the name that goes and the one that remains.
    public let statements: @Sendable (_ old: MemberID, _ new: MemberID) -> [SQL]

    /// - Parameter name: tells it from others.
    public init(_ name: String, _ statements: @escaping @Sendable (_ old: MemberID, _ new: MemberID) -> [SQL]) {
        self.name = name
        self.statements = statements
    }

    public static func == (a: Joining, b: Joining) -> Bool { a.name == b.name }
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
