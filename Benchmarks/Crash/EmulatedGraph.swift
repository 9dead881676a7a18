import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A running `whatsapp-emulator graph`, which outlives every death of the bot.
struct EmulatedGraph: Sendable {
    /// A text that it accepted.
    struct Reply: Decodable, Sendable {
        struct Body: Decodable, Sendable {
            struct Text: Decodable, Sendable { let body: String }
            let text: Text
        }
        /// Its place in the order of arrival.
        let sequence: Int
        /// Seconds since 1970.
        let time: Double
        /// The number it came from.
        let phone_number_id: String
        /// The phone of the member it went to.
        let user: String?
        let id: String?
        /// Names the reply in the bot's outbox.
        let callback_data: String?
        /// The message that it quotes.
        let context_id: String?
        let body: Body

        /// The questions that it answers.
        var questions: [CrashQuestion] { Token.all(in: Array(body.text.body.utf8)).map(CrashQuestion.init) }
        /// Whether it says that the work on the quoted question goes on.
        var isReceipt: Bool { CrashImages.isReceipt(body.text.body) }
    }

    let port: LocalPort
    private let process: ChildProcess
    private let client: HTTPClient

    /// Starts it and waits until it serves.
    /// - Parameter webhook: where statuses go; `nil` sends none.
    init(_ program: String, webhook: String?, home: WorkFolder, client: HTTPClient) async throws {
        port = try LocalPort.free()
        self.client = client
        let log = home.file("emulator.log")
        process = try ChildProcess(
            program,
            [
                "graph", "--port", "\(port.number)",
                "--token", SignedWebhook.accessToken, "--app-secret", SignedWebhook.appSecret,
                "--statuses", "sent", "--keep", "1000000",
                // The members write through `CrashLoad`, so it knows of no window.
                "--window", "off",
            ]
                + CrashQuestion.numbers.flatMap {
                    ["--number", "\($0.phoneNumberID):\(SignedWebhook.accountID):\($0.displayNumber)"]
                } + (webhook.map { ["--webhook-url", $0] } ?? []), environment: ["PATH": "/usr/bin:/bin"],
            output: log.path)
        let start = ContinuousClock.now
        while port.status(of: "/control") != 200 {
            guard process.end == nil, .now - start < .seconds(30) else {
                process.signal(SIGKILL)
                throw BenchmarkFailure("\(program) does not serve; see what it says with: \(program) graph --port 0")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func stop() async {
        process.signal(SIGKILL)
        _ = await process.waitForEnd()
    }

    /// Lets every status come twice.
    func repeatStatuses() async throws {
        var request = HTTPClientRequest(url: address("webhook-faults"))
        request.method = .POST
        request.body = .bytes(
            ByteBuffer(string: #"{"effect":"duplicate","copies":1,"times":"all","group":"statuses"}"#))
        let response = try await client.execute(request, timeout: .seconds(10))
        guard response.status == .ok else { throw BenchmarkFailure("the emulator takes no fault") }
    }

    /// Puts a question's image on the media host, as the phone of its member does.
    /// - Returns: the id of the file.
    func upload(_ question: CrashQuestion) async throws -> String {
        struct File: Decodable { let id: String }
        let query = "phone_number_id=\(question.number.phoneNumberID)&mime_type=\(DotPicture.mimeType)"
        var request = HTTPClientRequest(url: address("media?\(query)"))
        request.method = .POST
        request.body = .bytes(ByteBuffer(bytes: question.image))
        return try await execute(request, as: File.self).id
    }

    /// The texts that were accepted after the one numbered `sequence`, in order.
    func replies(after sequence: Int = 0) async throws -> [Reply] {
        struct Listing: Decodable { let messages: [Reply] }
        return try await get(Listing.self, "sent?kind=text&limit=1000000&since=\(sequence)").messages
    }

    /// How many calls were answered with an error.
    func refusals() async throws -> Int {
        struct Counts: Decodable {
            struct Sent: Decodable { let refused: Int }
            let sent: Sent
        }
        return try await get(Counts.self, "counts").sent.refused
    }

    private func get<Answer: Decodable>(_ type: Answer.Type, _ path: String) async throws -> Answer {
        try await execute(HTTPClientRequest(url: address(path)), as: type)
    }

    private func execute<Answer: Decodable>(_ request: HTTPClientRequest, as type: Answer.Type) async throws -> Answer {
        let response = try await client.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 1 << 30)
        return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
    }

    private func address(_ path: String) -> String { "http://127.0.0.1:\(port.number)/control/\(path)" }
}
