import BotKit
import Foundation
import Hummingbird
import Synchronization
import TestKit
import Testing

@testable import Providers

/// The official API, with a stub of Meta's side, as the provider contract stages it.
struct CloudUnderTest: NetworkUnderTest {
    let rig: CloudRig
    let running: RunningProvider
    private let repeats = Mutex0(false)
    private let count = Mutex0(0)

    /// A value behind a lock that copies share.
    private final class Mutex0<Value: Sendable>: Sendable {
        let value: Mutex<Value>
        init(_ value: sending Value) { self.value = Mutex(value) }
    }

    init(_ rig: CloudRig, _ running: RunningProvider) {
        self.rig = rig
        self.running = running
    }

    static func staged(_ body: @escaping @Sendable (CloudUnderTest) async throws -> Void) async throws {
        try await CloudRig.running(runsProviders: false) { rig in
            try await RunningProvider.running(rig.provider) { try await body(CloudUnderTest(rig, $0)) }
        }
    }

    var provider: any MessageProvider { rig.provider }
    var member: (name: String, phone: PhoneNumber?) { ("Dana", PhoneNumber(Payload.dana)) }
    var received: [InboundMessage] { rig.inbox.new }
    var reports: [DeliveryReport] { rig.reports.all }
    var unknownChat: ChatID { ChatID(account: rig.provider.account, name: "u999") }

    func refuseToStore(_ count: Int) { rig.inbox.refuse(count) }
    func repeatNext() async throws { repeats.value.withLock { $0 = true } }

    func write(_ said: MemberMessage) async throws -> MessageID {
        let number = count.value.withLock { count in
            count += 1
            return count
        }
        let id = "wamid.IN\(number)"
        try await deliver(Payload.messages(try body(of: said, id: id), from: .dana))
        if repeats.value.withLock({ isOn in
            defer { isOn = false }
            return isOn
        }) {
            try await deliver(Payload.messages(try body(of: said, id: id), from: .dana))
        }
        return MessageID(rawValue: id)
    }

    /// As Meta does: again, until it is taken.
    private func deliver(_ body: String) async throws {
        for _ in 1...5 where try await rig.deliver(body).status == 200 { return }
        throw Outage("test", "a webhook was never taken")
    }

    private func body(of said: MemberMessage, id: String) throws -> String {
        let now = rig.time.now
        switch said {
        case .text(let text): return Payload.text(text, id: id, at: now)
        case .reply(let text, let target):
            return Payload.message(
                "text", #""text":{"body":"\#(text)"},"context":{"from":"15550009999","id":"\#(target.rawValue)"}"#,
                id: id, at: now)
        case .image(let data, let caption):
            let origin = rig.graph.origin
            rig.graph.answer { request in
                if request.path == "/files/55" { return .file([UInt8](data)) }
                guard request.path.hasSuffix("/55") else { return nil }
                return .json(#"{"url":"\#(origin)/files/55","mime_type":"image/png","file_size":\#(data.count)}"#)
            }
            return Payload.message(
                "image", #""image":{"id":"55","mime_type":"image/png","caption":"\#(caption)"}"#, id: id, at: now)
        case .reaction(let emoji, let target):
            let part = emoji.isEmpty ? "" : #","emoji":"\#(emoji)""#
            return Payload.message(
                "reaction", #""reaction":{"message_id":"\#(target.rawValue)"\#(part)}"#, id: id, at: now)
        case .choice(let menu, let index):
            let action = try #require(sent(menu)?["interactive"] as? [String: Any])["action"] as? [String: Any]
            let buttons = try #require(action?["buttons"] as? [[String: Any]])
            let reply = try #require(buttons[index]["reply"] as? [String: String])
            let answer = #"{"id":"\#(reply["id"] ?? "")","title":"\#(reply["title"] ?? "")"}"#
            return Payload.message(
                "interactive",
                #""interactive":{"type":"button_reply","button_reply":\#(answer)}"#
                    + #","context":{"id":"\#(menu.rawValue)"}"#, id: id, at: now)
        case .location(let latitude, let longitude, let name):
            return Payload.message(
                "location", #""location":{"latitude":\#(latitude),"longitude":\#(longitude),"name":"\#(name)"}"#,
                id: id, at: now)
        }
    }

    func read(_ message: MessageID) async throws { try await deliver(Payload.status("read", id: message.rawValue)) }

    func isMarkedRead(_ message: MessageID) async throws -> Bool {
        rig.graph.acknowledged.contains { $0.json["message_id"] as? String == message.rawValue }
    }

    func isTypingShown() async throws -> Bool { rig.graph.acknowledged.contains { $0.json["typing_indicator"] != nil } }

    func fail(_ fault: NetworkFault) async throws {
        switch fault {
        case .trouble: rig.graph.refuse(2, status: .serviceUnavailable)
        case .refusal: rig.graph.refuse(131_026)
        }
    }

    func shutDown() async throws { try await running.shutDown() }

    // MARK: - What went out

    /// The messages with the ids that the stub gave them.
    private var messages: [(id: MessageID, json: [String: Any])] {
        rig.graph.seen.enumerated().compactMap { index, request in
            guard request.path.hasSuffix("/messages"), request.json["status"] == nil else { return nil }
            return (MessageID(rawValue: "wamid.OUT\(index + 1)"), request.json)
        }
    }

    private func sent(_ id: MessageID) -> [String: Any]? { messages.first { $0.id == id }?.json }

    func shown() async throws -> [ShownMessage] {
        messages.map { id, json in
            let quotes = (json["context"] as? [String: Any])?["message_id"] as? String
            return ShownMessage(id: id, form: Self.form(json), quotes: quotes.map { MessageID(rawValue: $0) })
        }
    }

    private static func form(_ json: [String: Any]) -> ShownMessage.Form {
        let type = json["type"] as? String ?? ""
        let part = json[type] as? [String: Any] ?? [:]
        switch type {
        case "text": return .text(part["body"] as? String ?? "")
        case "reaction":
            return .reaction(
                to: MessageID(rawValue: part["message_id"] as? String ?? ""), emoji: part["emoji"] as? String ?? "")
        case "interactive":
            let body = (part["body"] as? [String: Any])?["text"] as? String ?? ""
            let action = part["action"] as? [String: Any] ?? [:]
            let buttons = (action["buttons"] as? [[String: Any]] ?? []).compactMap { $0["reply"] as? [String: Any] }
            let rows = (action["sections"] as? [[String: Any]] ?? []).flatMap { $0["rows"] as? [[String: Any]] ?? [] }
            let titles = (buttons + rows).compactMap { $0["title"] as? String }
            if !titles.isEmpty { return .menu(question: body, titles: titles) }
            let parameters = (action["parameters"] as? [String: String] ?? [:]).values
            return .text(([body] + parameters).joined(separator: "\n"))
        default:
            let isVoice = part["voice"] as? Bool == true
            let kind = isVoice ? Media.Kind.voice : Media.Kind(rawValue: type) ?? .document
            return .media(kind, caption: part["caption"] as? String ?? "")
        }
    }
}
