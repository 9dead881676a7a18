/// An error answer as Meta's servers write it.
///
/// Shape (Meta, Graph API, Handling errors):
/// `{"error":{message, type, code, error_data?, error_subcode?, fbtrace_id}}`.
struct EmulatedError: Error, Sendable {
    /// Meta's error code, such as 131047.
    let code: Int
    /// The status of the HTTP answer.
    var httpStatus: Int
    /// The whole text of `message`.
    var message: String
    /// The text of `error_data.details`; it may name a parameter, never its value.
    var details: String?
    /// `error_subcode`.
    var subcode: Int?
    /// Seconds of the `Retry-After` header.
    var retryAfterSeconds: Int?

    /// The error of `code` with the title, HTTP status and transience of Meta's table.
    init(code: Int, details: String? = nil, httpStatus: Int? = nil, subcode: Int? = nil, retryAfterSeconds: Int? = nil)
    {
        let known = ErrorTable.entry(for: code)
        self.code = code
        self.httpStatus = httpStatus ?? known.httpStatus
        self.message = "(#\(code)) \(known.title)"
        self.details = details
        self.subcode = subcode
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// Code 100: a parameter of the request is wrong; `message` says which.
    static func invalidParameter(_ message: String) -> EmulatedError {
        var error = EmulatedError(code: 100)
        error.message = "(#100) \(message)"
        return error
    }

    /// Code 131009: a value inside the message is out of its bounds.
    static func invalidValue(_ details: String) -> EmulatedError {
        EmulatedError(code: 131009, details: details)
    }

    /// Code 131008: a value inside the message is missing.
    static func missing(_ details: String) -> EmulatedError {
        EmulatedError(code: 131008, details: details)
    }

    /// Code 100, subcode 33: the object of the path is not there for this token.
    static func unknownObject(_ id: String, method: String) -> EmulatedError {
        var error = EmulatedError(code: 100, subcode: 33)
        error.message =
            "Unsupported \(method.lowercased()) request. Object with ID '\(id)' does not exist, cannot be loaded due "
            + "to missing permissions, or does not support this operation. Please read the Graph API documentation at "
            + "https://developers.facebook.com/docs/graph-api"
        return error
    }

    /// The body of the answer.
    var json: EmulatorJSON {
        let data = details.map { EmulatorJSON.object(["messaging_product": "whatsapp", "details": .string($0)]) }
        return .object([
            "error": .object([
                "message": .string(message),
                "type": .string(ErrorTable.isGraphException(code) ? "GraphMethodException" : "OAuthException"),
                "code": .integer(code),
                "error_data": data,
                "error_subcode": subcode.map(EmulatorJSON.integer),
                "is_transient": ErrorTable.entry(for: code).isTransient ? true : nil,
                "fbtrace_id": .string(Identifiers.trace()),
            ])
        ])
    }

    /// The element of `errors[]` in a failed status.
    static func statusEntry(code: Int, details: String? = nil) -> EmulatorJSON {
        let title = ErrorTable.entry(for: code).title
        return [
            "code": .integer(code), "title": .string(title), "message": .string(title),
            "error_data": ["details": .string(details ?? title)],
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        ]
    }
}
