import BotKit
import Synchronization

/// A webhook that writes down what it gets, and answers as a test wants.
final class RecordingPoster: WebhookPoster {
    struct Post: Sendable {
        let body: String
        let headers: [String: String]
    }
    private struct State {
        var posts: [Post] = []
        /// `nil` is no answer at all.
        var answers: [Int?] = []
    }
    private let state = Mutex(State())

    var posts: [Post] { state.withLock { $0.posts } }
    var bodies: [String] { posts.map(\.body) }

    /// Prepares the next answers; then it answers 200.
    func script(_ answers: Int?...) { state.withLock { $0.answers += answers } }

    func post(_ body: [UInt8], to address: String, headers: [String: String]) async throws -> Int {
        let answer: Int? = state.withLock { state in
            state.posts.append(Post(body: String(decoding: body, as: UTF8.self), headers: headers))
            return state.answers.isEmpty ? 200 : state.answers.removeFirst()
        }
        guard let answer else { throw Outage("webhook", "no answer") }
        return answer
    }
}
