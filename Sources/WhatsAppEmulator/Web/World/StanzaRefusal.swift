/// Why a request is refused: what the client is told, and what stands in the log.
struct StanzaRefusal: Error {
    let code: Int
    let text: String
    /// What the client did wrong.
    let reason: String

    private init(_ code: Int, _ text: String, _ reason: String) {
        self.code = code
        self.text = text
        self.reason = reason
    }

    static func badRequest(_ reason: String) -> StanzaRefusal { StanzaRefusal(400, "bad-request", reason) }
    static func forbidden(_ reason: String) -> StanzaRefusal { StanzaRefusal(403, "forbidden", reason) }
    static func notFound(_ reason: String) -> StanzaRefusal { StanzaRefusal(404, "item-not-found", reason) }
    static func notAcceptable(_ reason: String) -> StanzaRefusal { StanzaRefusal(406, "not-acceptable", reason) }
    /// As the control API asked.
    static func asked(_ code: Int) -> StanzaRefusal { StanzaRefusal(code, "asked", "as asked by the control API") }
    static func unknown(_ reason: String) -> StanzaRefusal { StanzaRefusal(501, "feature-not-implemented", reason) }
}
