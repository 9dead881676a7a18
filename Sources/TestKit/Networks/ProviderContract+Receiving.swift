import BotKit
import Foundation

extension ProviderContract {
    static let receiving: [ProviderContractCase] = [
        ProviderContractCase("a text comes with its sender, chat and words") { network in
            let id = try await network.write(.text("shalom"))
            let message = try await message(id, on: network)
            try expect(message.content, .text("shalom"), "content")
            try expect(message.chat.account, network.provider.account, "account of the chat")
            try expect(message.isGroup, false, "isGroup")
            try expect(message.sender.name, network.member.name, "name")
            try expect(message.sender.phone, network.member.phone, "number")
            try expect(
                message.sender.id.rawValue.hasPrefix("\(network.provider.account.provider.rawValue)/"), true, "id")
            try require(abs(message.sentAt.timeIntervalSince(message.receivedAt)) < 86_400, "its time is far away")
            try expect(message.quotes, nil, "quote")
        },
        ProviderContractCase("what a member writes comes in one chat, in its order") { network in
            var ids: [MessageID] = []
            for number in 1...5 { ids.append(try await network.write(.text("number \(number)"))) }
            try require(await eventually { network.received.count == 5 }, "not all came")
            try expect(network.received.map(\.id), ids, "order")
            try expect(Set(network.received.map(\.chat)).count, 1, "chats")
            try expect(Set(network.received.map(\.sender.id)).count, 1, "senders")
        },
        ProviderContractCase("a reply names the message that it quotes") { network in
            let chat = try await open(network).chat
            let ours = try await send(.text("a question"), to: chat, on: network)
            _ = try await shown(ours, on: network)
            let reply = try await message(try await network.write(.reply("an answer", to: ours)), on: network)
            try expect(reply.content, .text("an answer"), "content")
            try expect(reply.quotes, ours, "quote")
        },
        ProviderContractCase("a reaction comes with its target, and so does its end") { network in
            let chat = try await open(network).chat
            let ours = try await send(.text("a joke"), to: chat, on: network)
            _ = try await shown(ours, on: network)
            let put = try await message(try await network.write(.reaction("😀", to: ours)), on: network)
            try expect(put.content, .reaction(to: ours, emoji: "😀"), "reaction")
            let taken = try await message(try await network.write(.reaction("", to: ours)), on: network)
            try expect(taken.content, .reaction(to: ours, emoji: nil), "its end")
        },
        ProviderContractCase("a choice from our menu comes with the option's id and title") { network in
            let chat = try await open(network).chat
            let options = ["Red", "Green", "Blue"].map { RenderedReply.Option(id: "!color \($0)", title: $0) }
            let menu = try await send(.menu(question: "Which?", options: options), to: chat, on: network)
            guard case .menu = try await shown(menu, on: network).form else { return }
            let choice = try await message(try await network.write(.choice(from: menu, index: 1)), on: network)
            try expect(choice.content, .choice(id: "!color Green", title: "Green"), "choice")
            try expect(choice.chat, chat, "chat")
        },
        ProviderContractCase("a place comes with its coordinates and name") { network in
            let place = MemberMessage.location(latitude: 32.5, longitude: 34.75, name: "The harbour")
            let message = try await message(try await network.write(place), on: network)
            try expect(
                message.content, .location(latitude: 32.5, longitude: 34.75, name: "The harbour"), "content")
        },
        ProviderContractCase("a file comes with its caption, and can be read up to the limit that is asked for") {
            network in
            let bytes = Data((0..<5_000).map { UInt8($0 % 251) })
            let message = try await message(try await network.write(.image(bytes, caption: "look")), on: network)
            guard let media = message.media else { throw ContractViolation("there is no file in the message") }
            try expect(media.kind, .image, "kind")
            try expect(media.caption, "look", "caption")
            try expect(media.mimeType, "image/png", "type")
            // It is stored with the message, and read after a restart too.
            let stored = try JSONDecoder().decode(Media.self, from: JSONEncoder().encode(media))
            try expect(try await network.provider.load(stored, maxBytes: 5_000), bytes, "content")
            do {
                _ = try await network.provider.load(stored, maxBytes: 4_999)
                throw ContractViolation("more was read than was asked for")
            } catch let refusal as Refusal {
                try expect(refusal.reason, "media_too_large", "reason")
            }
        },
        ProviderContractCase("what cannot be stored is not confirmed, and comes again") { network in
            network.refuseToStore(2)
            let id = try await network.write(.text("not lost"))
            try expect(try await message(id, on: network).content, .text("not lost"), "content")
        },
        ProviderContractCase("what the network delivers twice is stored once") { network in
            try await network.repeatNext()
            let first = try await network.write(.text("once"))
            let last = try await network.write(.text("last"))
            _ = try await message(last, on: network)
            try expect(network.received.map(\.id), [first, last], "messages")
        },
    ]
}
