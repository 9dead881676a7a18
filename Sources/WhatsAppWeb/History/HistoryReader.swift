import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

/// Reads a chunk of history while it comes in: inflates it, and gives each part as soon as it is whole.
///
/// It holds at most one message, a batch of messages and what else is known of one chat, however large the chunk is.
struct HistoryReader: ~Copyable {
    /// Bounds of one chunk.
    struct Limits {
        /// The most bytes that may come out of the compressed ones.
        var inflated = 1 << 30
        /// The longest message, and the longest of all other fields.
        var field = 2 << 20
        /// After so many messages, or so many bytes of them, a part is given.
        var batchCount = 64
        var batchBytes = 1 << 18
    }

    private var inflater: Inflater
    private var decoder: HistoryDecoder

    /// - Parameter ownAddresses: the own account, by phone number and LID.
    init(ownAddresses: [JID], limits: Limits = Limits()) throws(WebError) {
        do { inflater = try Inflater(limit: limits.inflated) } catch {
            throw WebError(.malformed, "history cannot be inflated: \(error.description)")
        }
        decoder = HistoryDecoder(ownAddresses: ownAddresses, limits: limits)
    }

    /// Takes compressed bytes.
    /// - Throws: `WebError` with `malformed` or `tooLarge`.
    mutating func read(_ bytes: [UInt8], to receive: (HistoryPart) -> Void) throws(WebError) {
        // Moved out for the time of the call: two parts of a value cannot be changed at once from a closure.
        var decoder = self.decoder
        defer { self.decoder = decoder }
        do {
            try inflater.inflate(bytes) { chunk in
                decoder.append(chunk)
                while let part = try decoder.next() { receive(part) }
            }
        } catch { throw Self.failure(error) }
    }

    /// Says that nothing more comes, and gives the last part.
    /// - Throws: `WebError` with `malformed` if the chunk is cut.
    mutating func finish(to receive: (HistoryPart) -> Void) throws(WebError) {
        guard inflater.isFinished else { throw WebError(.malformed, "history: the compressed bytes are cut") }
        for part in try decoder.finish() { receive(part) }
    }

    /// A whole chunk that came inside its notification.
    static func parts(
        of bytes: [UInt8], ownAddresses: [JID], limits: Limits = Limits()
    ) throws(WebError) -> [HistoryPart] {
        var reader = try HistoryReader(ownAddresses: ownAddresses, limits: limits)
        var parts: [HistoryPart] = []
        try reader.read(bytes) { parts.append($0) }
        try reader.finish { parts.append($0) }
        return parts
    }

    private static func failure(_ error: any Error) -> WebError {
        if let error = error as? WebError { return error }
        if let error = error as? WireError {
            return WebError(error.code == .limit ? .tooLarge : .malformed, "history: \(error.description)")
        }
        return WebError(.malformed, "history cannot be inflated")
    }
}
