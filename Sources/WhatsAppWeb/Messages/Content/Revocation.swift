/// A message was deleted for all.
public struct Revocation: Sendable, Hashable {
    public var target: MessageReference
    /// Whether somebody else than its author deleted it: only an administrator of the group may, and whether the
    /// sender is one is for the reader to check.
    public var isByAnother: Bool

    public init(_ target: MessageReference, isByAnother: Bool = false) {
        self.target = target
        self.isByAnother = isByAnother
    }
}
