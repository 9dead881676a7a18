import BotKit
import Foundation
import ServiceLifecycle

/// What the network's own library gives; the provider translates and nothing more.
protocol PostOffice: Sendable {
    var isOpen: Bool { get async }
    func arrivals() async throws -> AsyncStream<Postcard>
    func confirm(_ card: Postcard) async throws
    func post(_ text: String, to address: String, reference: Int64) async throws(PostFailure) -> String
}

struct Postcard: Sendable {
    let number: String
    let address: String
    let text: String
    let date: Date
}

enum PostFailure: Error {
    case closed, unknownAddress, noReceipt
}

/// One account at a post office.
struct PostcardProvider: MessageProvider {
    let account: AccountID
    let abilities = Abilities(textLimit: 500)
    let office: any PostOffice
    let inbox: any Inbox
    let time: any TimeSource

    var isConnected: Bool { get async { await office.isOpen } }

    func run() async throws {
        for await card in try await office.arrivals().cancelOnGracefulShutdown() {
            // First durable, then confirmed: what was not confirmed comes again.
            try await inbox.receive([message(card)], writes: [])
            try await office.confirm(card)
        }
    }

    private func message(_ card: Postcard) -> InboundMessage {
        InboundMessage(
            id: MessageID(rawValue: card.number), chat: ChatID(account: account, name: card.address),
            sender: .init(id: MemberID(provider: account.provider, name: card.address)), sentAt: card.date,
            receivedAt: time.now, content: .text(card.text))
    }

    func send(_ message: OutgoingMessage) async throws -> MessageID {
        guard let text = message.reply.text else {
            throw SendFailure(.giveUp, code: "not_a_text", "a postcard carries only text")
        }
        do {
            let number = try await office.post(text, to: message.chat.name, reference: message.row)
            return MessageID(rawValue: number)
        } catch {
            switch error {
            case .closed: throw SendFailure(.retry(after: .seconds(60)), code: "closed", "the office is closed")
            case .unknownAddress: throw SendFailure(.giveUp, code: "unknown_address", "nobody lives there")
            case .noReceipt: throw SendFailure(.uncertain, code: "no_receipt", "it may have been posted")
            }
        }
    }

    func acknowledge(_ message: InboundMessage, typing: Bool) async {}

    func load(_ media: Media, maxBytes: Int) async throws -> Data {
        throw Outage("media", "a postcard has no files")
    }
}
