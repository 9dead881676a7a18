import AsyncHTTPClient
public import BotKit
import Foundation
import NIOCore
import NIOHTTP1

/// Looks whether a model server is there and lets us in.
public struct ModelProbe: Sendable {
    public enum Finding: Sendable, Equatable {
        /// It answers; with the models that it lists, at most 200, none when it lists none.
        case ok(models: [String])
        /// It refuses the key.
        case unauthorized
        /// No answer; why, in a few safe words, and what to do.
        case unreachable(String, remedy: String)
        /// Something answers, but no model server; what, in a few safe words.
        case strange(String)
    }

    let call: ModelCall

    /// The server's host.
    public var host: String { call.endpoint.host }
    /// The server's address, as a URL without a slash at its end.
    public var address: String { call.endpoint.baseURL }
    /// The model that is asked for, aliases resolved.
    public var model: String { call.endpoint.model }

    /// Asks for the list of models, which costs nothing.
    /// - Parameter deadline: the longest that it may take.
    public func reach(within deadline: Duration = .seconds(5)) async -> Finding {
        let request = call.dialect.listRequest(to: call.endpoint, key: call.endpoint.keys.first)
        let call = call
        do {
            let watchdog = Watchdog(total: deadline, silence: deadline, loop: call.http.eventLoopGroup.any())
            return try await watchdog.run { _ in
                let response = try await call.http.execute(request, deadline: .distantFuture)
                switch response.status.code {
                case 200:
                    let body = try await response.body.collect(upTo: 4 << 20)
                    guard let list = try? JSONDecoder().decode(ModelList.self, from: Data(body.readableBytesView))
                    else {
                        return .strange("the answer is no list of models")
                    }
                    return .ok(models: (list.data ?? []).prefix(200).map { String($0.id.prefix(200)) })
                case 401, 403: return .unauthorized
                // Some servers have no list, but a wrong path looks the same: only a real question tells.
                case 404, 405, 501: return .ok(models: [])
                default: return .strange("status \(response.status.code)")
                }
            }
        } catch is Watchdog.Expiry {
            return .unreachable(
                "no answer within \(deadline)",
                remedy: "Check that the model server runs, and \(call.endpoint.names.address).")
        } catch {
            let problem = ConnectionProblem(error)
            return .unreachable(problem.words, remedy: problem.remedy(call.endpoint.names.address))
        }
    }

    /// Asks the model one short question, once. It costs a few tokens.
    /// - Throws: `Outage`, `ModelFault`, `Refusal`; `CancellationError`.
    public func ask(within deadline: Duration = .seconds(60)) async throws -> ModelReply {
        let request = ModelRequest(messages: [.init(.user, "Answer with the word: yes")], maxOutputTokens: 16)
        do {
            return try await call.reply(to: request, key: call.endpoint.keys.first, within: deadline)
        } catch let failure as CallFailure {
            throw failure.error
        }
    }

    private struct ModelList: Decodable {
        struct Model: Decodable { var id: String }
        var data: [Model]?
    }
}
