import Foundation
import NIOHTTP1

extension GraphClient {
    /// Sends one message; the receipt says that it was accepted, not that it arrived.
    ///
    /// The API knows no idempotency key: put the id of the outbox row into `callbackData`, which every status brings
    /// back, and see `GraphError.mayHaveBeenAccepted` before a repeat.
    /// - Parameters:
    ///   - callbackData: at most 512 characters.
    ///   - replyTo: the message to quote.
    ///   - identityKeyHash: delivers only if the user's identity still has this hash.
    /// - Throws: `GraphError`; with `.invalidMessage` and `violation` before anything is sent.
    public func send(
        _ message: OutgoingMessage, to recipient: Recipient, callbackData: String? = nil,
        replyTo: WhatsAppMessageID? = nil, identityKeyHash: String? = nil
    ) async throws(GraphError) -> SendReceipt {
        let frame: GraphBody
        do {
            frame = try message.frame(
                to: recipient, callbackData: callbackData, replyTo: replyTo, identityKeyHash: identityKeyHash)
        } catch {
            throw GraphError(error)
        }
        let answer = try await call(messages("send message", frame))
        guard let receipt = SendReceipt(answer.json) else {
            var failure = GraphError(.unreadableAnswer, "send message: HTTP \(answer.status) without a message id")
            failure.status = answer.status
            failure.mayHaveBeenAccepted = true
            throw failure
        }
        return receipt
    }

    /// Marks a message of the last 30 days, and all before it, as read; not for groups.
    /// - Parameter typing: also shows that we type, until our message or for 25 seconds; call again to go on.
    public func markRead(_ message: WhatsAppMessageID, typing: Bool = false) async throws(GraphError) {
        let indicator: GraphBody? = typing ? .members(("type", "text")) : nil
        let body = GraphBody.members(
            ("messaging_product", "whatsapp"), ("status", "read"), ("message_id", .string(message.rawValue)),
            ("typing_indicator", indicator))
        try await confirm(messages("mark message as read", body))
    }

    /// Makes a call whose only result is `{"success":true}`.
    func confirm(_ request: GraphRequest) async throws(GraphError) {
        let answer = try await call(request)
        guard answer.json["success"]?.bool != false else {
            var failure = GraphError(.refused, "\(request.operation): the answer says success: false")
            failure.status = answer.status
            throw failure
        }
    }

    private func messages(_ operation: String, _ body: GraphBody) -> GraphRequest {
        GraphRequest(operation: operation, method: .POST, path: [phoneNumberID, "messages"], body: .json(body))
    }
}

/// What Meta answers when it takes a message.
public struct SendReceipt: Sendable, Equatable {
    /// What Meta does with the message; an open list.
    public enum Status: Sendable, Equatable {
        /// It goes out.
        case accepted
        /// It waits for a check of its template's quality.
        case held
        /// It waits because its template is paused.
        case paused
        /// Anything else.
        case other(String)
    }

    /// The message's id, which its statuses will carry.
    public let messageID: WhatsAppMessageID
    /// What Meta does with it.
    public let status: Status
    /// The recipient's number as the network knows it; may differ from ours (Brazil, Mexico): keep it as an alias.
    public let number: WhatsAppUserNumber?
    /// The recipient's id towards our portfolio.
    public let userID: BusinessScopedUserID?
    /// The group that it went to.
    public let groupID: WhatsAppGroupID?

    init?(_ json: JSON) {
        guard let message = json["messages"]?.elements.first, let id = WhatsAppMessageID(message["id"]) else {
            return nil
        }
        let contact = json["contacts"]?.elements.first
        messageID = id
        groupID = WhatsAppGroupID(message["group_id"])
        number = WhatsAppUserNumber(contact?["wa_id"])
        userID = BusinessScopedUserID(contact?["user_id"])
        switch message["message_status"]?.text {
        case nil, "accepted": status = .accepted
        case "held_for_quality_assessment": status = .held
        case "paused": status = .paused
        case .some(let other): status = .other(other)
        }
    }
}
