import BotKit
import Foundation

/// What every provider must do. Each runs all `cases` unchanged over its own network, every one on a fresh stage:
/// `@Test(arguments: ProviderContract.cases) func keeps(_ rule: ProviderContractCase) async throws { … }`.
public enum ProviderContract {
    public static let cases: [ProviderContractCase] = receiving + sending + life + groups
}

/// One rule of the contract, by a name that reads as a sentence.
public struct ProviderContractCase: Sendable, CustomStringConvertible {
    public let name: String
    /// - Throws: `ContractViolation` when the provider breaks the rule, or an error of its own.
    public let check: @Sendable (any NetworkUnderTest) async throws -> Void
    public var description: String { name }

    init(_ name: String, _ check: @escaping @Sendable (any NetworkUnderTest) async throws -> Void) {
        self.name = name
        self.check = check
    }
}

extension ProviderContract {
    static func require(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws {
        guard condition else { throw ContractViolation(otherwise()) }
    }

    static func expect<Value: Equatable>(_ actual: Value, _ expected: Value, _ what: String) throws {
        guard actual == expected else { throw ContractViolation("\(what): expected \(expected), got \(actual)") }
    }

    /// Waits until the message called `id` is stored.
    static func message(_ id: MessageID, on network: any NetworkUnderTest) async throws -> InboundMessage {
        var found: InboundMessage?
        let isThere = await eventually {
            found = network.received.first { $0.id == id }
            return found != nil
        }
        guard isThere, let found else { throw ContractViolation("a message was not handed to the inbox") }
        return found
    }

    /// Waits until the member is shown the message called `id`.
    static func shown(_ id: MessageID, on network: any NetworkUnderTest) async throws -> ShownMessage {
        var found: ShownMessage?
        let isThere = try await eventually {
            found = try await network.shown().first { $0.id == id }
            return found != nil
        }
        guard isThere, let found else { throw ContractViolation("a reply was not shown to the member") }
        return found
    }

    /// Has the member write, so that they may be answered.
    static func open(_ network: any NetworkUnderTest) async throws -> InboundMessage {
        try await message(try await network.write(.text("hello")), on: network)
    }

    /// Sends a reply as the outbox does.
    static func send(
        _ content: RenderedReply.Content, to chat: ChatID, quoting: MessageID? = nil, editing edited: MessageID? = nil,
        as id: MessageID? = nil, row: Int64 = 1, on network: any NetworkUnderTest
    ) async throws -> MessageID {
        try await network.provider.send(
            OutgoingMessage(
                row: row, chat: chat, messageID: id ?? network.provider.makeMessageID(),
                reply: RenderedReply(content: content, quotes: quoting, language: .english), edits: edited,
                attempt: 0))
    }

    /// The failure of a send that must fail.
    static func failure(to chat: ChatID, on network: any NetworkUnderTest) async throws -> SendFailure {
        do {
            _ = try await send(.text("x"), to: chat, on: network)
        } catch let failure as SendFailure {
            return failure
        } catch {
            throw ContractViolation("a send threw a \(type(of: error)), not a SendFailure")
        }
        throw ContractViolation("a send that had to fail did not")
    }

    /// A file of the bytes of `text`, which lives as long as `body` runs.
    static func withFile(_ name: String, _ bytes: Data, _ body: (URL) async throws -> Void) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "contract-\(UUID().uuidString)-\(name)")
        try bytes.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await body(file)
    }
}
