import BotKit
import Foundation

/// What is wrong with a line of a script.
struct BadLine: Error {
    let problem: String
    init(_ problem: String) { self.problem = problem }
}

/// A line of a script as it is written: a message, or a step of the clock. Fields that are not known are ignored.
struct ScriptLine: Decodable {
    private enum Key: String, CodingKey {
        case id, from, name, chat, group, text, quote, media, mime, choice, location, mention, advance
        case sentAt = "sent_at"
    }

    var id: String?
    var from: String?
    var name: String?
    var chat: String?
    var group: Bool?
    var text: String?
    var quote: String?
    var media: String?
    var mime: String?
    var choice: String?
    var location: ScriptPlace?
    var mention: Bool?
    /// Seconds since 1970.
    var sentAt: Double?
    /// Seconds.
    var advance: Double?

    /// - Throws: `BadLine`, which never quotes what was written.
    init(json: [UInt8]) throws {
        do {
            self = try JSONDecoder().decode(ScriptLine.self, from: Data(json))
        } catch let bad as BadLine {
            throw bad
        } catch {
            throw BadLine(
                "a line must be one JSON object, such as {\"text\":\"hello\"} or {\"advance\":60}; this one is none")
        }
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        func value<Value: Decodable>(_ key: Key, _ shape: String) throws -> Value? {
            do {
                return try fields.decodeIfPresent(Value.self, forKey: key)
            } catch {
                throw BadLine("\"\(key.rawValue)\" must be \(shape)")
            }
        }
        func identifier(_ key: Key, _ shape: String) throws -> String? {
            if let number = try? fields.decodeIfPresent(Int64.self, forKey: key) { return String(number) }
            return try value(key, shape)
        }
        id = try value(.id, "a text")
        from = try identifier(.from, "a telephone number of 7 to 15 digits, as a text")
        name = try value(.name, "a text")
        chat = try identifier(.chat, "the name of a chat, as a text")
        group = try value(.group, "true or false")
        text = try value(.text, "a text")
        quote = try value(.quote, "the id of a message, as a text")
        media = try value(.media, "the path of a file, as a text")
        mime = try value(.mime, "a media type such as \"image/png\"")
        choice = try value(.choice, "the id of an option, as a text")
        location = try value(.location, ScriptPlace.shape)
        mention = try value(.mention, "true or false")
        sentAt = try value(.sentAt, "seconds since 1970, as a number")
        advance = try value(.advance, "seconds, as a number")
        try requireOneMeaning(of: fields)
    }

    /// A line asks for one thing: what says two is not guessed at.
    private func requireOneMeaning(of fields: KeyedDecodingContainer<Key>) throws {
        func given(_ keys: [Key]) -> [String] {
            keys.filter { (try? fields.decodeNil(forKey: $0)) == false }.map { "\"\($0.rawValue)\"" }
        }
        if advance != nil, let other = given([.text, .media, .choice, .location]).first {
            throw BadLine("\"advance\" moves the clock and takes no \(other); write the message on a line of its own")
        }
        let kinds = given([.choice, .media, .location])
        if kinds.count > 1 {
            throw BadLine("\(kinds[0]) and \(kinds[1]) are two messages; write each on a line of its own")
        }
        if mime != nil, media == nil { throw BadLine("\"mime\" is the type of a file, which \"media\" must name") }
    }

    /// What the line asks for.
    /// - Throws: `BadLine`.
    func request(by options: ConsoleOptions) throws -> ConsoleRequest {
        if let advance {
            // A hundred years; no sum of steps that a script can write overflows a date.
            guard (0...3_155_760_000).contains(advance) else {
                throw BadLine("\"advance\" must be from 0 to 3155760000 seconds")
            }
            return .advance(advance)
        }
        return .message(try message(by: options))
    }

    private func message(by options: ConsoleOptions) throws -> ConsoleMessage {
        guard let sender = from.map({ PhoneNumber($0) }) ?? options.sender else {
            throw BadLine("\"from\" must be a telephone number of 7 to 15 digits")
        }
        let chat = chat ?? options.group ?? sender.digits
        guard ConsoleMessage.isChatName(chat) else {
            throw BadLine("\"chat\" must be 1 to 128 characters, none of them a control")
        }
        if let id, !(1...256).contains(id.utf8.count) { throw BadLine("\"id\" must be 1 to 256 bytes") }
        if let quote, !(1...256).contains(quote.utf8.count) { throw BadLine("\"quote\" must be 1 to 256 bytes") }
        if let sentAt, !(0...253_402_300_799).contains(sentAt) {
            throw BadLine("\"sent_at\" must be seconds since 1970, up to the year 9999")
        }
        return ConsoleMessage(
            id: id.map { MessageID(rawValue: $0) } ?? ConsoleMessage.newID(), chat: chat,
            isGroup: group ?? (chat.hasPrefix("group") || options.group != nil), sender: sender, senderName: name,
            content: try content(), quotes: quote.map { MessageID(rawValue: $0) }, mentionsBot: mention ?? false,
            sentAt: sentAt.map { Date(timeIntervalSince1970: $0) })
    }

    private func content() throws -> InboundMessage.Content {
        if let choice {
            guard !choice[...].trimmingInvisible.isEmpty else {
                throw BadLine("\"choice\" must be the id of an option, as \"menu\" gave it; it is empty")
            }
            return .choice(id: choice, title: text ?? choice)
        }
        if let location { return try location.content(name: text) }
        if let media {
            do {
                return .media(try ConsoleFile(typed: media).media(mimeType: mime, caption: text))
            } catch {
                throw BadLine("the file that \"media\" names \(error.rawValue)")
            }
        }
        guard let text else {
            throw BadLine(
                "a message needs \"text\", \"media\", \"choice\" or \"location\"; a step of the clock needs \"advance\""
            )
        }
        return .text(text)
    }
}
