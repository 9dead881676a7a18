import Foundation

/// What the model of the crash test reads in a request.
enum CrashModel {
    private struct Request: Decodable {
        struct Message: Decodable {
            let role: String
            let content: String
        }
        let messages: [Message]
    }

    /// The marks of the question, which is the last message: several when the bot joined what a member wrote.
    static func marks(in body: ArraySlice<UInt8>) -> [Token] {
        guard let request = try? JSONDecoder().decode(Request.self, from: Data(body)), let last = request.messages.last,
            last.role == "user"
        else { return [] }
        return Token.all(in: Array(last.content.utf8))
    }
}
