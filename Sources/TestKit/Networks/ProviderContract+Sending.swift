import BotKit
import Foundation

extension ProviderContract {
    static let sending: [ProviderContractCase] = [
        ProviderContractCase("replies in words are shown") { network in
            let chat = try await open(network).chat
            let replies: [(RenderedReply.Content, [String])] = [
                (.text("plain"), ["plain"]),
                (.link(text: "Read", label: "here", url: "https://example.org/a"), ["Read", "https://example.org/a"]),
                (.locationRequest(text: "Where are you?"), ["Where are you?"]),
            ]
            for (content, words) in replies {
                let shown = try await shown(try await send(content, to: chat, on: network), on: network)
                for word in words { try require(shown.words.contains(word), "\(word) is not shown") }
            }
        },
        ProviderContractCase("a menu is shown with all options, and the core knows whether numbers choose") { network in
            let chat = try await open(network).chat
            for count in [1, 2, 3, 10] {
                let options = (1...count).map { RenderedReply.Option(id: "o\($0)", title: "Option \($0)") }
                let content = RenderedReply.Content.menu(question: "Which of \(count)?", options: options)
                let shown = try await shown(try await send(content, to: chat, on: network), on: network)
                for word in ["Which of \(count)?"] + options.map(\.title) {
                    try require(shown.words.contains(word), "\(word) is not shown")
                }
                let takesNumbers = network.provider.takesNumbers(for: RenderedReply(content: content), inGroup: false)
                if case .text = shown.form { try expect(takesNumbers, true, "numbers for words") }
            }
        },
        ProviderContractCase("files are shown as what they are, with their captions") { network in
            let chat = try await open(network).chat
            // Some networks look at how a file begins.
            let kinds: [(Media.Kind, String, String?, [UInt8])] = [
                (.image, "image/png", "a picture", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
                (.document, "application/pdf", "a paper", Array("%PDF-1.7".utf8)),
                (.audio, "audio/mpeg", nil, Array("ID3".utf8)),
                (.voice, "audio/ogg; codecs=opus", nil, Array("OggS".utf8)),
                (.sticker, "image/webp", nil, Array("RIFFxxxxWEBP".utf8)),
                (.video, "video/mp4", "a film", [0, 0, 0, 24] + Array("ftypmp42".utf8)),
            ]
            for (kind, type, caption, head) in kinds {
                try await withFile("file", Data(head + Array(" and more".utf8))) { file in
                    let media = OutgoingMedia(
                        kind: kind, file: file, mimeType: type, caption: caption, fileName: "file.bin")
                    let shown = try await shown(try await send(.media(media), to: chat, on: network), on: network)
                    guard case .media(let form, let words) = shown.form else {
                        throw ContractViolation("\(kind) is shown without a file")
                    }
                    try expect(form, kind, "kind")
                    try expect(words, caption ?? "", "caption of \(kind)")
                }
            }
        },
        ProviderContractCase("a reaction is shown on its message, and taken back") { network in
            let message = try await open(network)
            let put = try await send(.reaction(to: message.id, emoji: "👍"), to: message.chat, on: network)
            try expect(try await shown(put, on: network).form, .reaction(to: message.id, emoji: "👍"), "reaction")
            let taken = try await send(.reaction(to: message.id, emoji: ""), to: message.chat, on: network)
            try expect(try await shown(taken, on: network).form, .reaction(to: message.id, emoji: ""), "its end")
        },
        ProviderContractCase("a reply quotes the message that it answers") { network in
            let message = try await open(network)
            let id = try await send(.text("an answer"), to: message.chat, quoting: message.id, on: network)
            try expect(try await shown(id, on: network).quotes, message.id, "quote")
        },
        ProviderContractCase("replies are shown in the order in which they were sent") { network in
            let chat = try await open(network).chat
            var ids: [MessageID] = []
            for number in 1...10 { ids.append(try await send(.text("part \(number)"), to: chat, on: network)) }
            _ = try await shown(ids[9], on: network)
            try expect(try await network.shown().map(\.id), ids, "order")
        },
        ProviderContractCase("where texts can be edited, new words take the place of a message's") { network in
            guard network.provider.abilities.editWindow != nil else { return }
            let message = try await open(network)
            let notice = try await send(.text("wait…"), to: message.chat, quoting: message.id, on: network)
            let words = try await send(
                .text("the answer"), to: message.chat, quoting: message.id, editing: notice, on: network)
            try require(words != notice, "two messages have one name")
            let last = try await send(.text("last"), to: message.chat, on: network)
            _ = try await shown(last, on: network)
            try expect(
                try await network.shown(),
                [
                    ShownMessage(id: notice, form: .text("the answer"), quotes: message.id),
                    ShownMessage(id: last, form: .text("last")),
                ], "messages")
        },
        ProviderContractCase("ids are chosen by us or by the network, and never the same twice") { network in
            let chat = try await open(network).chat
            try expect(
                network.provider.makeMessageID() != nil, network.provider.abilities.choosesMessageIDs, "who chooses")
            let first = try await send(.text("one"), to: chat, on: network)
            let second = try await send(.text("two"), to: chat, on: network)
            try require(first != second && !first.rawValue.isEmpty, "two messages have one name")
            guard network.provider.abilities.choosesMessageIDs else { return }
            let chosen = try require(network.provider.makeMessageID())
            try expect(try await send(.text("mine"), to: chat, as: chosen, on: network), chosen, "id")
        },
        ProviderContractCase("where we choose ids, a message that is sent twice is shown once") { network in
            guard network.provider.abilities.choosesMessageIDs else { return }
            let chat = try await open(network).chat
            let id = try require(network.provider.makeMessageID())
            let options = ["a", "b"].map { RenderedReply.Option(id: $0, title: $0) }
            for _ in 1...2 {
                _ = try await send(.menu(question: "?", options: options), to: chat, as: id, on: network)
            }
            let last = try await send(.text("last"), to: chat, on: network)
            _ = try await shown(last, on: network)
            try expect(try await network.shown().map(\.id), [id, last], "messages")
            guard case .menu = try await shown(id, on: network).form else { return }
            // Whichever of the two arrived, its votes can be read.
            let choice = try await message(try await network.write(.choice(from: id, index: 1)), on: network)
            try expect(choice.content, .choice(id: "b", title: "b"), "choice")
        },
        ProviderContractCase("a network in trouble is asked again, a refused message is given up") { network in
            let chat = try await open(network).chat
            try await network.fail(.trouble)
            switch try await failure(to: chat, on: network).remedy {
            case .retry, .uncertain, .holdChat, .holdAccount: break
            case let remedy: throw ContractViolation("trouble is answered with \(remedy)")
            }
            try await network.fail(.refusal)
            try expect(try await failure(to: chat, on: network).remedy, .giveUp, "remedy")
        },
        ProviderContractCase("nobody is written to whom the network or we do not know") { network in
            _ = try await open(network)
            switch try await failure(to: network.unknownChat, on: network).remedy {
            case .giveUp, .windowClosed: break
            case let remedy: throw ContractViolation("a stranger is answered with \(remedy)")
            }
            try expect(try await network.shown(), [], "messages")
        },
    ]

    private static func require<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw ContractViolation("there is no id, though we choose them") }
        return value
    }
}
