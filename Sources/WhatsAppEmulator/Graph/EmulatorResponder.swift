import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What a request brings besides itself: its connection, which a fault may close.
struct EmulatorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}

/// Reads requests, hands them to the Graph API, the media host or the control API, and writes the answers.
struct EmulatorResponder: HTTPResponder {
    private static let jsonBodyBytes = 4 << 20
    let graph: GraphAPI
    let control: ControlAPI

    func respond(to request: Request, context: EmulatorContext) async throws -> Response {
        let reply: EmulatorReply
        do {
            reply = try await answer(request)
        } catch let error as EmulatedError {
            reply = .failure(error)
        } catch let error as HTTPError {
            var failure = EmulatedError(code: 100, httpStatus: error.status.code)
            failure.message = "(#100) The body is too large or was cut off."
            reply = .failure(failure)
        }
        switch reply {
        case .json(let json, let status): return response(json, status: status)
        case .failure(let error):
            var response = response(error.json, status: error.httpStatus)
            if let seconds = error.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
            return response
        case .file(let media):
            return Response(
                status: .ok, headers: [.contentType: media.mimeType],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: media.bytes)))
        case .text(let text, let status):
            return Response(
                status: .init(code: status), headers: [.contentType: "text/plain; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        case .page(let status):
            return Response(
                status: .init(code: status), headers: [.contentType: "text/html; charset=utf-8"],
                body: ResponseBody(
                    byteBuffer: ByteBuffer(string: "<html><body>Sorry, something went wrong.</body></html>")))
        case .silence(let hold):
            try? await RealTime.pass(hold)
            return try await cut(context)
        case .cut: return try await cut(context)
        }
    }

    private func cut(_ context: EmulatorContext) async throws -> Response {
        try? await context.channel.close().get()
        throw CancellationError()
    }

    private func response(_ json: EmulatorJSON, status: Int) -> Response {
        Response(
            status: .init(code: status), headers: [.contentType: "application/json; charset=UTF-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.encoded())))
    }

    private func answer(_ request: Request) async throws -> EmulatorReply {
        let path = request.uri.path.split(separator: "/").map { String($0).removingPercentEncoding ?? String($0) }
        let isUpload = path.last == "media"
        let body = try await request.body.collect(
            upTo: isUpload ? MediaKinds.maximumBytes + 65_536 : Self.jsonBodyBytes)
        var query: [String: String] = [:]
        for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
        let call = EmulatorCall(
            method: request.method.rawValue, path: path, query: query, body: Array(body.readableBytesView),
            contentType: request.headers[.contentType] ?? "", authorization: request.headers[.authorization],
            host: request.head.authority ?? "127.0.0.1")
        switch path.first {
        case nil: return .text(ControlGuide.text)
        case "control": return try await control.answer(call.dropping(1))
        case "whatsapp_business": return try await graph.download(call)
        default:
            try? await RealTime.pass(await graph.world.latency)
            return try await graph.answer(call)
        }
    }
}
