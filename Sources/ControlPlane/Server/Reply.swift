import BotKit
import HTTPTypes
import Hummingbird
import NIOCore

/// Makes answers with the headers that all of them carry.
enum Reply {
    static let json = "application/json; charset=utf-8"

    /// Answers are data for one reader: never stored, never sniffed, never shown as a page.
    private static let headers: HTTPFields = [
        .cacheControl: "no-store",
        .xContentTypeOptions: "nosniff",
        .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
    ]

    /// The headers of the 503 that the event loop writes itself.
    static let lateHeaders: HTTPFields = [
        .contentLength: "0", .connection: "close", .retryAfter: "5", .cacheControl: "no-store",
    ]

    static func text(
        _ status: HTTPResponse.Status, _ contentType: String, _ body: String, closing: Bool = false,
        retryAfter: Duration? = nil
    ) -> Response {
        var headers = headers
        if closing { headers[.connection] = "close" }
        if let retryAfter { headers[.retryAfter] = String(max(1, retryAfter.components.seconds)) }
        guard !body.isEmpty else { return Response(status: status, headers: headers) }
        headers[.contentType] = contentType
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: body)))
    }

    /// `error` is a closed word such as `not_found`.
    static func error(
        _ status: HTTPResponse.Status, _ error: String, closing: Bool = false, retryAfter: Duration? = nil
    ) -> Response {
        text(status, json, #"{"error":"\#(error)"}"#, closing: closing, retryAfter: retryAfter)
    }

    static func methodNotAllowed(_ allowed: String) -> Response {
        var response = error(.methodNotAllowed, "method_not_allowed", closing: true)
        response.headers[.allow] = allowed
        return response
    }

    static func webhook(_ answer: WebhookResponse) -> Response {
        let status = (200...599).contains(answer.status) ? answer.status : 500
        return text(
            HTTPResponse.Status(code: status), answer.contentType, answer.body, retryAfter: answer.retryAfter)
    }
}
