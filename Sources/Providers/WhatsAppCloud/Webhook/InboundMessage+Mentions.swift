import BotKit

extension InboundMessage {
    /// Takes `@` and one of `names` out of a text or a caption, and notes that the bot is mentioned when one was there:
    /// it says who is meant, and is nothing that is said.
    mutating func takeOutMentions(of names: [String]) {
        switch content {
        case .text(let text):
            let rest = text.withoutMentions(of: names)
            content = .text(rest)
            mentionsBot = rest.utf8.count != text.utf8.count
        case .media(var media):
            guard let caption = media.caption else { return }
            let rest = caption.withoutMentions(of: names)
            media.caption = rest
            content = .media(media)
            mentionsBot = rest.utf8.count != caption.utf8.count
        default: return
        }
    }
}
