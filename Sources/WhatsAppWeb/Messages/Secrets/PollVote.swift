public import Foundation
public import WhatsAppWire
import Crypto
import SwiftProtobuf
import WhatsAppProto

/// All options that one member chooses now.
public struct PollVote: Sendable, Hashable {
    /// The SHA-256 of the text of each option, 32 bytes each.
    public var options: [[UInt8]]

    /// A vote for these options, by their texts.
    public init(for options: [String]) { self.options = options.map(Self.hash) }

    /// The hash that stands for an option.
    static func hash(_ option: String) -> [UInt8] { Array(SHA256.hash(data: Array(option.utf8))) }

    /// Opens a vote.
    /// - Parameters:
    ///   - vote: came in the message of `header`.
    ///   - secret: the poll's, 32 bytes.
    ///   - authors: the addresses of the poll's author, by phone number and LID.
    /// - Throws: `WebError` with `malformed` or `invalid`.
    public init(
        opening vote: SealedAddition, in header: MessageHeader, secret: [UInt8], authors: [JID]
    ) throws(WebError) {
        let senders = [header.sender] + (header.senderAlias.map { [$0] } ?? [])
        let plaintext = try MessageSecret(secret).open(vote, authors: authors, senders: senders)
        do {
            let message = try WAPollVote(serializedBytes: plaintext)
            options = message.selectedOptions.prefix(Poll.mostOptionsRead).map(\.byteArray)
        } catch { throw WebError(.malformed, "a vote of poll \(vote.target.id) is none") }
    }

    /// Seals the vote for the poll that `poll` names.
    /// - Parameters:
    ///   - secret: the poll's, 32 bytes.
    ///   - voter: the own account, by the kind of address that the poll's author has.
    ///   - nonce: 12 random bytes.
    public func sealed(
        for poll: MessageReference, secret: [UInt8], voter: JID, nonce: [UInt8], at time: Date
    ) throws(WebError) -> SealedAddition {
        var message = WAPollVote()
        message.selectedOptions = options.map { Data($0) }
        guard let plaintext: [UInt8] = try? message.serializedBytes() else {
            throw WebError(.invalid, "a vote of poll \(poll.id) cannot be encoded")
        }
        let payload = try MessageSecret(secret)
            .seal(plaintext, use: .pollVote, id: poll.id, author: poll.sender, by: voter, nonce: nonce)
        return SealedAddition(use: .pollVote, target: poll, payload: payload, nonce: nonce, at: time)
    }
}
