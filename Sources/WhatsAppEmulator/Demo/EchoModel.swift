import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// A server that speaks the OpenAI chat completions API and says what it was told: a model for demos without a key.
///
/// `run()` serves until it is cancelled; `start()` waits for it and gives the port.
struct EchoModel: Sendable {
    static let name = "echo"
    private static let largestBody = 64 << 20
    let host: String
    let port: Int
    private let listening = ListeningPort()

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Serves until the task is cancelled; call it once.
    /// - Throws: when the address cannot be bound.
    func run() async throws {
        do {
            try await serve()
        } catch {
            await listening.end(error)
            throw error
        }
        await listening.end(EmulatorStopped())
    }

    /// Waits until `run()` listens, which another task has to call.
    func start() async throws -> Int { try await listening.port() }

    private func serve() async throws {
        var logger = Logger(label: "echo-model")
        logger.logLevel = .critical
        let router = Router()
        router.get("/v1/models") { _, _ in Self.response(["data": [["id": .string(Self.name)]]]) }
        router.post("/v1/chat/completions") { request, _ in
            let body = try await request.body.collect(upTo: Self.largestBody)
            guard let question = try? EmulatorJSON.parse(Array(body.readableBytesView)) else {
                return Self.response(["error": ["message": "the body is no JSON"]], status: .badRequest)
            }
            let text = Self.answer(to: question)
            return question["stream"]?.flag == true ? Self.stream(text) : Self.response(Self.completion(text))
        }
        let application = Application(
            router: router, server: DeferredHTTPChannel.builder,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { await listening.begin($0.localAddress?.port ?? 0) }, logger: logger)
        try await application.run()
    }

    /// What the last message of the conversation is answered by.
    static func answer(to question: EmulatorJSON) -> String {
        let content = question["messages"]?.items?.last?["content"]
        let parts = content?.items ?? []
        let words = content?.text ?? parts.compactMap { $0["text"]?.text }.joined(separator: " ")
        let pictures = parts.count { $0["type"]?.text == "image_url" }
        return "You said: \(words)" + (pictures == 0 ? "" : " (and sent \(pictures == 1 ? "a picture" : "pictures"))")
    }

    private static let usage: EmulatorJSON = ["prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2]

    private static func completion(_ text: String) -> EmulatorJSON {
        [
            "id": "echo", "object": "chat.completion", "model": .string(name),
            "choices": [
                [
                    "index": 0, "message": ["role": "assistant", "content": .string(text)], "finish_reason": "stop",
                ]
            ],
            "usage": usage,
        ]
    }

    private static func stream(_ text: String) -> Response {
        let events: [EmulatorJSON] = [
            [
                "model": .string(name),
                "choices": [["index": 0, "delta": ["role": "assistant", "content": .string(text)]]],
            ],
            ["model": .string(name), "choices": [["index": 0, "delta": [:], "finish_reason": "stop"]]],
            ["model": .string(name), "choices": [], "usage": usage],
        ]
        let body = events.map { "data: \($0.description)\n\n" }.joined() + "data: [DONE]\n\n"
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }

    private static func response(_ json: EmulatorJSON, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.encoded())))
    }
}
