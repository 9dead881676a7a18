import WhatsAppWire

/// The way to the server, as the parts of a client see it.
protocol StanzaLine: Sendable {
    /// Sends a question (`<iq>`) under an id of its own.
    /// - Returns: the answer, an `<iq type="result">`.
    /// - Throws: `WebError` with `refused`, `timedOut` or `disconnected`.
    func request(_ iq: Node, within limit: Duration) async throws -> Node

    /// Sends a message.
    /// - Returns: the server's `<ack class="message">` of the message's id.
    /// - Throws: `WebError` with `timedOut` or `disconnected`: then it may have been taken.
    func deliver(_ message: Node, within limit: Duration) async throws -> Node

    /// Sends a stanza that has no answer.
    /// - Throws: `WebError` with `disconnected`.
    func send(_ stanza: Node) async throws
}

extension StanzaLine {
    func request(_ iq: Node) async throws -> Node { try await request(iq, within: .seconds(60)) }
    func deliver(_ message: Node) async throws -> Node { try await deliver(message, within: .seconds(60)) }
}
