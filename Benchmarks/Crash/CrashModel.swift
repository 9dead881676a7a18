import Foundation
import Synchronization

/// The model of the crash tests: takes up to 300 ms for an answer, and reads the marks of images in the images.
final class CrashModel: Sendable {
    private struct Request: Decodable {
        struct Message: Decodable {
            let role: String
            let content: Content
        }
        /// A text, or a list of parts.
        struct Content: Decodable {
            let parts: [Part]

            init(from decoder: any Decoder) throws {
                let value = try decoder.singleValueContainer()
                let text = try? value.decode(String.self)
                parts = try text.map { [Part(text: $0, image_url: nil)] } ?? value.decode([Part].self)
            }
        }
        struct Part: Decodable {
            struct Image: Decodable { let url: String }
            let text: String?
            let image_url: Image?

            /// The marks that are written here, or in the image.
            var marks: [Token] {
                guard let address = image_url?.url else { return Token.all(in: Array((text ?? "").utf8)) }
                let image = address.split(separator: ",").last.flatMap { Data(base64Encoded: String($0)) }
                return Token.all(in: [UInt8](image ?? Data()))
            }
        }
        let messages: [Message]
    }

    /// How often it was asked about each image.
    private let asked = Mutex<[CrashQuestion: Int]>([:])

    /// Starts it.
    func serve(seed: UInt64) throws -> ModelStub {
        let delays = SharedRandom(seed: seed ^ 0xDE1A)
        return try ModelStub(marks: { self.marks(in: $0) }, delay: { _ in delays.milliseconds(0...300) })
    }

    /// How many images it was asked about more than once: the process died before it had stored the answer.
    var askedAgain: Int { asked.withLock { $0.values.count { $0 > 1 } } }

    /// The marks of the question, which is the last message: several when the bot joined what a member wrote.
    private func marks(in body: ArraySlice<UInt8>) -> [Token] {
        guard let request = try? JSONDecoder().decode(Request.self, from: Data(body)), let last = request.messages.last,
            last.role == "user"
        else { return [] }
        let marks = last.content.parts.flatMap(\.marks)
        asked.withLock { asked in
            for question in marks.map(CrashQuestion.init) where question.hasImage { asked[question, default: 0] += 1 }
        }
        return marks
    }
}
