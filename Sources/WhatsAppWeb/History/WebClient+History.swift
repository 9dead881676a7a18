import Foundation
import Logging
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

extension WebClient {
    /// The most bytes of a chunk of history, compressed.
    private static let largestChunk = 256 << 20
    /// The most offers that are taken up after a login.
    private static let mostOffers = 1_000
    /// How much of a chunk is read at once.
    private static let pieceByteCount = 32 << 10

    /// The phone offers old conversations, once; they are fetched only if the owner wants them. The offer is kept until
    /// it has been taken, over lost connections and restarts.
    func takeHistory(_ notification: WAHistorySyncNotification, named id: String, _ result: inout IntakeResult) throws {
        guard settings.wantsHistory else { return }
        let key = StoreKey(.history, id)
        result.changes.append(.put(key, try notification.serializedBytes()))
        result.chores.append { try await $0.readHistory(under: key) }
    }

    /// Takes up the offers that an earlier connection did not come to the end of.
    func resumeHistory() async throws {
        guard settings.wantsHistory else { return }
        for entry in try await store.list(.history, after: nil, limit: Self.mostOffers) {
            addChore?.yield { try await $0.readHistory(under: StoreKey(.history, entry.name)) }
        }
    }

    /// One after the other, so that what is in memory at once is bounded.
    private func readHistory(under key: StoreKey) async throws -> ConnectionVerdict? {
        try await withLanes(["history"]) {
            // A chore of another connection may have done it.
            guard let bytes = try await store.load([key])[key] else { return }
            do {
                try await read(try WAHistorySyncNotification(serializedBytes: bytes))
            } catch let error as WebError where error.isFinal {
                logger.warning("A chunk of history is left out", metadata: ["error": "\(error)"])
            }
            try await store.commit([.delete(key)], events: [])
        }
        return nil
    }

    private func read(_ notification: WAHistorySyncNotification) async throws {
        var reader = try HistoryReader(ownAddresses: ownAddresses)
        if notification.hasInlinePayload {
            let bytes = [UInt8](notification.inlinePayload)
            for start in stride(from: 0, to: bytes.count, by: Self.pieceByteCount) {
                try await read(Array(bytes[start..<min(start + Self.pieceByteCount, bytes.count)]), &reader)
            }
            return try await finish(&reader)
        }
        guard let media = MediaReference(notification) else {
            throw WebError(.malformed, "a chunk of history names no file")
        }
        // On disk, for it may be used only when it has been found right to its end, and is too large for memory.
        let file = settings.temporaryFile()
        defer { try? FileManager.default.removeItem(at: file) }
        let transfer = try mediaTransfer()
        try await transfer.download(media, to: file, limit: Self.largestChunk)
        var pieces = try MediaSource.file(file).reader()
        defer { pieces.close() }
        while true {
            let piece = try pieces.next()
            guard !piece.isEmpty else { break }
            try await read(piece, &reader)
        }
        try await finish(&reader)
        do { try await transfer.delete(media, handle: notification.encHandle.ifNotEmpty) } catch {
            logger.info("A chunk of history stays on the media server", metadata: ["error": "\(error)"])
        }
    }

    private func read(_ bytes: [UInt8], _ reader: inout HistoryReader) async throws {
        var parts: [HistoryPart] = []
        try reader.read(bytes) { parts.append($0) }
        try await keep(parts)
    }

    private func finish(_ reader: inout HistoryReader) async throws {
        var parts: [HistoryPart] = []
        try reader.finish { parts.append($0) }
        try await keep(parts)
    }

    /// Hands parts to the owner, and keeps what the client itself needs of them.
    private func keep(_ parts: [HistoryPart]) async throws {
        guard !parts.isEmpty else { return }
        var changes: [StoreChange] = []
        for part in parts {
            switch part {
            case .aliases(let pairs): for (lid, phone) in pairs { changes += pair(lid, phone) }
            case .chat(let chat):
                changes += pair(chat.chat, chat.alias)
                if let token = try await keptToken(of: chat) { changes.append(token) }
            default: break
            }
        }
        try await store.commit(changes, events: parts.map(WebEvent.history))
    }
}

extension WebError {
    /// Whether the same will not go better on another connection: it is damaged or gone.
    fileprivate var isFinal: Bool {
        let codes: [Code] = [.malformed, .tooLarge, .mediaGone, .mediaDamaged, .mediaSwapped]
        return codes.contains(code)
    }
}
