import BotKit

/// Two names of one person: what keeps out survives, and trust does not grow.
extension Joining {
    /// Where both names have a rule, the one that remains takes the stricter admission of both, of two ways to keep
    /// out the later end, of two ways to let in the earlier one; and the lesser of two roles, or keeps what it has.
    static let accessRule = Joining("access_rule") { old, new in
        let (theirs, ours): (SQL, SQL) = (rank("o.admission"), rank("access_rule.admission"))
        return [
            """
            UPDATE access_rule SET
                role = CASE WHEN o.role < access_rule.role THEN o.role ELSE access_rule.role END,
                known_as = COALESCE(access_rule.known_as, o.known_as),
                seen_as = COALESCE(access_rule.seen_as, o.seen_as),
                admission = CASE WHEN \(theirs) > \(ours) THEN o.admission ELSE access_rule.admission END,
                expires_at = CASE
                    WHEN \(theirs) = 0 THEN access_rule.expires_at
                    WHEN \(ours) = 0 THEN o.expires_at
                    WHEN \(theirs) > 1 AND \(ours) < 2 THEN o.expires_at
                    WHEN \(ours) > 1 AND \(theirs) < 2 THEN access_rule.expires_at
                    WHEN \(ours) > 1 THEN CASE
                        WHEN o.expires_at > access_rule.expires_at OR o.expires_at IS NULL THEN o.expires_at
                        ELSE access_rule.expires_at END
                    WHEN o.expires_at < access_rule.expires_at OR access_rule.expires_at IS NULL THEN o.expires_at
                    ELSE access_rule.expires_at END
            FROM access_rule AS o WHERE access_rule.member = \(new) AND o.member = \(old)
            """
        ]
    }

    /// The holder of a number, and who else wrote under it: when both are one person, there is no doubt any more.
    static let accessIdentity = Joining("access_identity") { old, new in
        [
            "UPDATE access_identity SET member = \(new) WHERE member = \(old)",
            "UPDATE access_identity SET other = \(new) WHERE other = \(old)",
            "UPDATE access_identity SET other = NULL WHERE member = \(new) AND other = \(new)",
        ]
    }

    private static func rank(_ column: SQL) -> SQL {
        "(CASE \(column) WHEN 'blocked' THEN 3 WHEN 'denied' THEN 2 WHEN 'allowed' THEN 1 ELSE 0 END)"
    }
}
