/// Hears what the operator must act on, for parts that know nothing of the bot's core. It only takes note.
public protocol AlertSink: Sendable {
    /// Something needs the operator.
    /// - Parameters:
    ///   - kind: the word of an `AlertKind`.
    ///   - subject: what it is about, where several things can be in one trouble: an account, a host. Never a person.
    /// - Returns: the reference that the alert goes by, for the log line.
    @discardableResult func raise(_ kind: String, about subject: String?) -> String
    /// It is over.
    func end(_ kind: String, about subject: String?)
}
