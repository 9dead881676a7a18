public import Logging

/// A value of a log line that is ours by its making, and that the log's redaction leaves as it is.
///
/// Redaction decides by shape, and some of our own values have the shape of a telephone number: large counts, accounts
/// of the Cloud API, keyed hashes.
public struct OwnLogValue: CustomStringConvertible, Sendable {
    public let description: String

    fileprivate init(_ description: String) { self.description = description }
}

extension Logger.MetadataValue {
    /// A value that is shown as it is: a count, the name of an account, a keyed hash, a code of a network.
    ///
    /// Nothing that a member wrote or that names one may be given here.
    public static func own(_ value: some CustomStringConvertible) -> Logger.MetadataValue {
        .stringConvertible(OwnLogValue(value.description))
    }
}
