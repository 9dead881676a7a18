/// A step of the line of a message, at which the line can end.
public enum TurnStage: String, Sendable, Hashable, CaseIterable {
    case receive, open, `guard`, route, authorize, answer, deliver
}

/// Why a message was answered, or why not: a closed set of words. They are stored and never change once shipped.
public enum TurnReason: String, Sendable, Hashable, CaseIterable {
    case answered
    /// It is heavy work, and waits in the queue.
    case queued
    /// The member was told why; the word of the refusal says more.
    case refused
    /// No group is answered in at all.
    case groupsOff = "groups_off"
    /// The policy for groups lets none in.
    case groupPolicyOff = "group_policy_off"
    /// Nobody let this group in.
    case groupNotAllowed = "group_not_allowed"
    /// Somebody kept this group out.
    case groupDenied = "group_denied"
    /// Nothing in it turned to us, in a group where we answer mentions.
    case notMentioned = "not_mentioned"
    /// It called no command, in a group where we answer nothing else.
    case notCommand = "not_a_command"
    /// It called no command, in a direct chat where a prefix is asked for.
    case prefixRequired = "prefix_required"
    /// It called a command that we do not know, in a group where other bots may.
    case otherBot = "other_bot"
    /// Only those with a role are answered.
    case policyClosed = "policy_closed"
    /// Only those who were allowed are answered.
    case policyAllowlist = "policy_allowlist"
    /// Only those who were allowed are answered, and the sender waits for that.
    case policyPairing = "policy_pairing"
    /// Somebody decided that the sender is not answered.
    case denied
    /// Somebody shut the sender out.
    case blocked
    /// The sender writes more than the limits allow.
    case limited
    /// Too many replies waited to be sent to its chat.
    case backlog
    /// It came too late.
    case tooOld = "too_old"
    /// A reaction, an edit, or the news that something was deleted.
    case kind
    /// It says nothing.
    case empty
    /// We said it ourselves.
    case ownMessage = "own_message"
    /// Nobody here has an answer to such a message.
    case noResponder = "no_responder"
    /// Somebody stopped the answer.
    case stopped
    /// Something outside did not work.
    case outage
    /// Something went wrong on our side.
    case failed
    /// Its turn met too many ends of the process.
    case givenUp = "given_up"
    /// What is stored of it cannot be read.
    case unreadable
    /// It was written before the account was linked.
    case history
}

/// How the line of a message ended: at which step, why, and in which feature.
public struct TurnVerdict: Sendable, Hashable {
    public var step: TurnStage
    public var reason: TurnReason
    /// The word of the refusal, such as `bad_arguments`.
    public var refusal: String?
    /// The feature that answered or refused; `nil` when none was found.
    public var feature: String?

    public init(_ reason: TurnReason, at step: TurnStage, refusal: String? = nil, feature: String? = nil) {
        self.step = step
        self.reason = reason
        self.refusal = refusal
        self.feature = feature
    }
}
