/// Titles and HTTP statuses of Meta's error codes (Meta, Cloud API, Error codes).
enum ErrorTable {
    /// What is known of one code.
    struct Entry: Sendable {
        let title: String
        let httpStatus: Int
        let isTransient: Bool
    }

    /// The entry of `code`; an unknown code is an error 400 of that number.
    static func entry(for code: Int) -> Entry {
        let title = titles[code] ?? "An unknown error occurred"
        return Entry(title: title, httpStatus: statuses[code] ?? 400, isTransient: transient.contains(code))
    }

    /// Codes of the graph itself rather than of tokens and messages.
    static func isGraphException(_ code: Int) -> Bool { code == 33 }

    private static let transient: Set<Int> = [1, 2, 131016, 133004]

    private static let statuses: [Int: Int] = [
        0: 401, 1: 500, 2: 503, 3: 403, 10: 403, 190: 401, 200: 403, 299: 403, 368: 403, 130429: 429, 131000: 500,
        131005: 403, 131016: 503, 131031: 403, 131042: 400, 131045: 500, 131052: 400, 131056: 400, 131057: 500,
        131201: 206, 131208: 429, 132000: 400, 132001: 404, 133000: 500, 133004: 503, 133005: 400, 133010: 400,
        135000: 400,
    ]

    private static let titles: [Int: String] = [
        0: "We were unable to authenticate the app user",
        1: "An unknown error occurred",
        2: "Service temporarily unavailable",
        3: "Capability or permissions issue",
        4: "Application request limit reached",
        10: "Application does not have permission for this action",
        33: "This object does not exist or does not support this action",
        100: "Invalid parameter",
        190: "Error validating access token: The session has been invalidated",
        200: "You do not have the necessary permissions to send messages on behalf of this WhatsApp Business Account",
        368: "Temporarily blocked for policies violations",
        2200: "Callback verification failed",
        80007: "Rate limit issues",
        130429: "Rate limit hit",
        130472: "User's number is part of an experiment",
        130497: "Business account is restricted from messaging users in this country",
        131000: "Something went wrong",
        131005: "Access denied",
        131008: "Required parameter is missing",
        131009: "Parameter value is not valid",
        131016: "Service unavailable",
        131020: "Group is not valid",
        131021: "Recipient cannot be sender",
        131026: "Message undeliverable",
        131030: "Recipient phone number not in allowed list",
        131031: "Account has been locked",
        131037: "Phone number display name is not approved",
        131041: "Group is not known",
        131042: "Business eligibility payment issue",
        131045: "Incorrect certificate",
        131047: "Re-engagement message",
        131048: "Spam rate limit hit",
        131049: "This message was not delivered to maintain healthy ecosystem engagement",
        131050: "User has stopped marketing messages",
        131051: "Unsupported message type",
        131052: "Media download error",
        131053: "Media upload error",
        131056: "(Business Account, Consumer Account) pair rate limit hit",
        131057: "Account in maintenance mode",
        131060: "This message is currently unavailable",
        131062: "Recipient identified by a business-scoped user ID is not supported for this message",
        131063: "Marketing templates are disabled for this API",
        131064: "Message failed to reach its messaging limit classification",
        131201: "Request partially succeeded",
        131204: "Too many participants",
        131207: "Group is suspended",
        131208: "Group rate limit hit",
        131209: "Group picture must be square",
        131210: "Group picture is too small",
        131211: "Group creation limit reached",
        131212: "Participant is not in the group",
        131213: "Join request does not exist",
        131214: "Group creation is temporarily disabled",
        131215: "Account is not eligible for groups",
        132000: "Number of parameters does not match the expected number of params",
        132001: "Template name does not exist in the translation",
        132005: "Translated text too long",
        132007: "Template format character policy violated",
        132008: "Parameter value is not valid",
        132012: "Parameter format does not match format in the created template",
        132015: "Template is paused",
        132016: "Template is disabled",
        132068: "Flow is blocked",
        132069: "Flow is throttled",
        133000: "Incomplete deregistration",
        133004: "Server temporarily unavailable",
        133005: "Two step verification PIN mismatch",
        133006: "Phone number re-verification needed",
        133008: "Too many two step verification PIN guesses",
        133009: "Two step verification PIN guessed too fast",
        133010: "Phone number not registered",
        133015: "Please wait a few minutes before attempting to register this phone number",
        133016: "Account register deregister rate limit exceeded",
        135000: "Generic user error",
        137000: "Recipient identity key hash mismatch",
        139100: "Failed to block some users",
        139101: "Blocklist limit reached",
        139102: "Blocklist concurrent update",
        139103: "Internal error while blocking",
    ]
}
