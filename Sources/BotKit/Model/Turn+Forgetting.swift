import Foundation

extension Turn {
    /// What was said stays stored for a while, like every message: this one without its words.
    /// - Parameter text: what stands in their place.
    public func forgetting(as text: String) throws -> [SQL] {
        try messages.map { message in
            var message = message
            message.content = .text(text)
            let payload = String(decoding: try JSONEncoder().encode(message), as: UTF8.self)
            return """
                UPDATE inbox SET payload = \(payload)
                WHERE chat = \(message.chat) AND message_id = \(message.id) AND member = \(message.sender.id)
                """
        }
    }
}
