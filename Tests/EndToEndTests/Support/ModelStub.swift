import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import TestKit

/// A small server that speaks the OpenAI chat completions API and answers `echo: ` and the question.
///
/// A question may say how it wants to be answered: `wait 2000` first waits so many milliseconds, `cut` reaches the
/// limit of an answer's length. Anthropic's messages API is spoken too.
final class ModelStub: Sendable {
    /// A key that is refused; every other one is taken, and none.
    static let wrongKey = "sk-wrong-0000"

    /// A model that it does not have; every other one answers.
    static let unknownModel = "no-such-model"

    private struct State {
        var keys: [String] = []
        var requests: [[String: String]] = []
        var questions: [[(role: String, text: String)]] = []
        var images: [Data] = []
        var models: [String] = []
        var port: Int?
    }
    private let state = Mutex(State())

    /// The conversations that were asked about, each as role and text.
    var questions: [[(role: String, text: String)]] { state.withLock { $0.questions } }

    /// The images that came with them, as they were.
    var images: [Data] { state.withLock { $0.images } }

    /// The models that were asked, one for each question.
    var models: [String] { state.withLock { $0.models } }

    /// The keys that came with them.
    var keys: [String] { state.withLock { $0.keys } }

    /// Serves while `body` runs.
    static func serving<Result: Sendable>(_ body: @Sendable (ModelStub, [String: String]) async throws -> Result)
        async throws -> Result
    {
        let stub = ModelStub()
        let services = stub.makeServices()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            let port = try await eventually("the model stub listens") { stub.state.withLock { $0.port } }
            let environment = [
                "OPENAI_BASE_URL": "http://127.0.0.1:\(port)/v1", "OPENAI_API_KEY": "sk-test-0000",
                "OPENAI_GPT_MODEL": "stub-model",
            ]
            // A server that is cancelled while a connection arrives ends the process, so it is shut down instead.
            do {
                let result = try await body(stub, environment)
                await services.triggerGracefulShutdown()
                return result
            } catch {
                await services.triggerGracefulShutdown()
                throw error
            }
        }
    }

    private func makeServices() -> ServiceGroup {
        let router = Router()
        router.get("/v1/models") { _, _ in #"{"data":[{"id":"stub-model"}]}"# }
        router.post("/v1/chat/completions") { request, _ in
            let buffer = try await request.body.collect(upTo: 64 << 20)
            let key = (request.headers[.authorization] ?? "").replacing("Bearer ", with: "")
            guard key != Self.wrongKey else {
                return Response(
                    status: .unauthorized, headers: [.contentType: "application/json"],
                    body: .init(byteBuffer: ByteBuffer(string: #"{"error":{"code":"invalid_api_key"}}"#)))
            }
            self.state.withLock { $0.keys.append(key) }
            return try await self.answer(Data(buffer.readableBytesView))
        }
        router.post("/v1/messages") { request, _ in
            let buffer = try await request.body.collect(upTo: 64 << 20)
            let question = try JSONDecoder().decode(Question.self, from: Data(buffer.readableBytesView))
            let asked = question.messages.last?.text ?? ""
            let answer = """
                {"type":"message","model":"stub-model","content":[{"type":"text","text":"echo: \(asked)"}],\
                "stop_reason":"\(asked == "cut" ? "max_tokens" : "end_turn")",\
                "usage":{"input_tokens":3,"output_tokens":4}}
                """
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: answer)))
        }
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in self.state.withLock { $0.port = channel.localAddress?.port } })
        var configuration = ServiceGroupConfiguration(services: [app], logger: Logger(label: "model-stub"))
        configuration.maximumGracefulShutdownDuration = .seconds(1)
        return ServiceGroup(configuration: configuration)
    }

    private struct Question: Decodable {
        struct Message: Decodable {
            var role: String
            var text: String
            var images: [Data] = []

            private enum CodingKeys: CodingKey { case role, content }
            private struct Part: Decodable {
                struct Image: Decodable { var url: String }
                var type: String
                var text: String?
                var imageURL: Image?

                enum CodingKeys: String, CodingKey {
                    case type, text
                    case imageURL = "image_url"
                }

                /// The bytes of `data:…;base64,…`.
                var image: Data? {
                    imageURL.flatMap { $0.url.split(separator: ",").last }.flatMap { Data(base64Encoded: String($0)) }
                }
            }

            init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: CodingKeys.self)
                role = try values.decode(String.self, forKey: .role)
                if let text = try? values.decode(String.self, forKey: .content) {
                    self.text = text
                } else {
                    let parts = try values.decode([Part].self, forKey: .content)
                    text = parts.map { $0.text ?? "[\($0.type)]" }.joined(separator: " ")
                    images = parts.compactMap(\.image)
                }
            }
        }
        var model: String?
        var messages: [Message]
    }

    private func answer(_ body: Data) async throws -> Response {
        let question = try JSONDecoder().decode(Question.self, from: body)
        guard question.model != Self.unknownModel else {
            return Response(
                status: .notFound, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: #"{"error":{"code":"model_not_found"}}"#)))
        }
        state.withLock { state in
            state.questions.append(question.messages.map { ($0.role, $0.text) })
            state.models.append(question.model ?? "")
            state.images += question.messages.flatMap(\.images)
        }
        let asked = question.messages.last?.text ?? ""
        if let wait = asked.firstMatch(of: /wait (\d+)/), let milliseconds = Int(wait.1) {
            try await ContinuousClock().sleep(for: .milliseconds(milliseconds))
        }
        let text = "echo: \(asked)"
        let finish = asked == "cut" ? "length" : "stop"
        let content = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
        let events = [
            #"{"model":"stub-model","choices":[{"index":0,"delta":{"role":"assistant","content":\#(content)}}]}"#,
            #"{"model":"stub-model","choices":[{"index":0,"delta":{},"finish_reason":"\#(finish)"}]}"#,
            #"""
            {"model":"stub-model","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}
            """#,
            "[DONE]",
        ]
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: .init(byteBuffer: ByteBuffer(string: events.map { "data: \($0)\n\n" }.joined())))
    }
}
