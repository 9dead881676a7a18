/// One HTTP request, read whole.
struct EmulatorCall: Sendable {
    let method: String
    /// The parts of the path, percent-decoded, without empty ones.
    let path: [String]
    let query: [String: String]
    let body: [UInt8]
    let contentType: String
    let authorization: String?
    /// The value of `Host`, for addresses in answers.
    let host: String

    /// The body as JSON; an empty body is an empty object.
    func json() throws(EmulatedError) -> EmulatorJSON {
        guard !body.isEmpty else { return [:] }
        do throws(JSONFailure) {
            return try EmulatorJSON.parse(body)
        } catch {
            throw .invalidParameter("The body is not JSON: \(error.reason) at byte \(error.offset).")
        }
    }

    /// The names in `fields=`, or none.
    var fields: [String] { (query["fields"] ?? "").split(separator: ",").map(String.init) }

    /// A copy whose path lacks the first `count` parts.
    func dropping(_ count: Int) -> EmulatorCall {
        EmulatorCall(
            method: method, path: Array(path.dropFirst(count)), query: query, body: body, contentType: contentType,
            authorization: authorization, host: host)
    }
}

/// What the emulator answers.
enum EmulatorReply: Sendable {
    case json(EmulatorJSON, status: Int = 200)
    case failure(EmulatedError)
    case file(StoredMedia)
    case text(String, status: Int = 200)
    /// A page, with this status.
    case page(Int)
    /// No answer for this long, then the connection closes.
    case silence(Duration)
    /// The connection closes.
    case cut
}
