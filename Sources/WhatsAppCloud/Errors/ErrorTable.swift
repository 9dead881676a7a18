/// What each of Meta's error codes asks for, in answers to a send as well as in failed statuses.
///
/// The HTTP status is no guide (throttling comes as 400 and as 429): the code decides, and the status only when there
/// is none, or one that is not in the table. Source: Meta, Cloud API error codes and Graph API error handling.
public enum ErrorTable {
    /// What to do about a code.
    /// - Parameters:
    ///   - subcode: the answer's `error_subcode`; failed statuses have none.
    ///   - isTransient: the answer's `is_transient`, used for codes that are not in the table.
    ///   - status: the answer's HTTP status, used for codes that are not in the table; failed statuses have none.
    public static func remedy(
        code: Int, subcode: Int? = nil, isTransient: Bool = false, status: Int? = nil
    ) -> ErrorRemedy {
        if code == 100, subcode == 33 { return .operatorNeeded }
        return remedies[code] ?? ranges.first { $0.codes.contains(code) }?.remedy
            ?? (isTransient ? .retryWithBackoff : passing(status))
    }

    /// What a status asks for that says that the other side is in trouble or too busy now, whatever the code.
    private static func passing(_ status: Int?) -> ErrorRemedy {
        guard let status, status == 408 || status == 429 || status >= 500 else { return .unknown }
        return remedy(status: status)
    }

    /// What to do about an answer that carries no code of Meta's, such as one of a proxy.
    public static func remedy(status: Int) -> ErrorRemedy {
        switch status {
        case 401: .token
        case 403: .permission
        case 408, 500...: .retryWithBackoff
        case 429: .slowNumber
        case 400..<500: .badRequest
        default: .unknown
        }
    }

    private static let remedies: [Int: ErrorRemedy] = {
        var table: [Int: ErrorRemedy] = [:]
        for (remedy, codes) in rows {
            for code in codes { table[code] = remedy }
        }
        return table
    }()

    private static let rows: [(ErrorRemedy, [Int])] = [
        (.retryWithBackoff, [1, 2, 131_000, 131_016, 133_004, 139_102, 139_103]),
        (.slowAccount, [4, 80_007]),
        (.maintenance, [131_057]),
        (.slowNumber, [130_429]),
        (.holdPair, [131_056]),
        (.stopNumber, [368, 131_031, 131_048, 131_064]),
        (.windowClosed, [131_047]),
        (.undeliverable, [130_472, 130_497, 131_021, 131_026, 131_030]),
        (.waitADay, [131_049]),
        (.optedOut, [131_050]),
        (.badRequest, [100, 131_008, 131_009, 131_051, 131_059, 131_062, 131_063, 135_000, 139_100]),
        (.media(.cannotDownload), [131_052]),
        (.media(.cannotUpload), [131_053]),
        (
            .template,
            [
                132_000, 132_001, 132_005, 132_007, 132_008, 132_012, 132_015, 132_016, 132_068, 132_069, 139_000,
                139_001, 139_002, 139_003, 139_004,
            ]
        ),
        (.token, [190]),
        (.permission, [0, 3, 10, 131_005]),
        (.operatorNeeded, [33, 131_037, 131_042, 131_044, 131_045, 133_016, 139_101]),
        (.groupRetryLater, [131_208]),
        (.groupPartial, [131_201]),
        (.group, [131_020, 131_041, 131_202, 131_204, 131_207] + Array(131_209...131_215)),
        (.identityHold, [137_000]),
    ]

    private static let ranges: [(codes: ClosedRange<Int>, remedy: ErrorRemedy)] = [
        (200...299, .permission),
        (133_000...133_015, .operatorNeeded),
        (138_000...138_999, .badRequest),
        (147_001...147_005, .operatorNeeded),
        (2_388_000...2_388_999, .template),
    ]
}

/// What an error asks for.
public enum ErrorRemedy: Sendable, Hashable {
    /// What went wrong with a file.
    public enum MediaProblem: Sendable, Hashable {
        /// The user's file could not be had (too large, gone): tell the user.
        case cannotDownload
        /// Our file was not taken: re-encode it once.
        case cannotUpload
    }

    /// Temporary, or unknown to Meta itself: retry with exponential backoff and jitter.
    case retryWithBackoff
    /// Too many calls of the whole app or account: nothing for minutes, then retry.
    case slowAccount
    /// The account is being worked on: nothing for about a minute, then retry.
    case maintenance
    /// Too much to this one user: hold this pair for seconds, four times as long with each further refusal, and retry;
    /// others go on.
    case holdPair
    /// Too much from this number: slow all of it, from 1 s up, and retry.
    case slowNumber
    /// Spam limit, policy block or lock: stop the number, alert; nothing but a single try from time to time.
    case stopNumber
    /// The 24 hours since the user's last message are over: a template, or wait for the user.
    case windowClosed
    /// This user cannot be reached: mark, no retry.
    case undeliverable
    /// The user got enough marketing: this message not before 24 hours; others are not concerned.
    case waitADay
    /// The user wants no marketing: never.
    case optedOut
    /// The request is wrong, which is a bug of ours: no retry.
    case badRequest
    /// A file was the reason.
    case media(MediaProblem)
    /// The template or form is wrong, paused or disabled: not the same again.
    case template
    /// The access token is void: pause the number, renew the token.
    case token
    /// The token may not do this: pause the number, alert.
    case permission
    /// Number, registration, display name or payment: only an operator can help.
    case operatorNeeded
    /// The group does not take it: no retry.
    case group
    /// The group takes it later: retry in half a minute.
    case groupRetryLater
    /// The group took part of it.
    case groupPartial
    /// The user's identity changed: hold until it is confirmed.
    case identityHold
    /// A code that is not in the table, with a status that says nothing either: no retry, alert.
    case unknown
}
