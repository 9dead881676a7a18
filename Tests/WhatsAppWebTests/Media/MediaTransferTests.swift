import Foundation
import Testing

@testable import WhatsAppWeb

@Suite struct MediaTransferTests {
    static let picture = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    @Test func `what is uploaded can be downloaded, and the server sees only ciphertext`() async throws {
        try await withMediaServer { transfer, server in
            let media = try await transfer.upload(.bytes(Self.picture), as: .image, mimeType: "image/jpeg")
            #expect(media.byteCount == Self.picture.count)
            #expect(media.sha256 == Digest.sha256(Self.picture))
            let path = String(media.directPath.prefix { $0 != "?" })
            let stored = try #require(server.file(at: path))
            #expect(Digest.sha256(stored) == media.encryptedSHA256)
            #expect(!stored.starts(with: Self.picture.prefix(16)))
            #expect(try await transfer.download(media, limit: 1 << 20) == Self.picture)
            #expect(server.requests.first?.contains("auth=word1") == true)
        }
    }

    @Test func `files go from disk to disk, and nothing is left of a bad one`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "media-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appending(path: "source")
        let bytes = [UInt8](repeating: 3, count: 3_000_001)
        try Data(bytes).write(to: source)
        try await withMediaServer { transfer, server in
            let media = try await transfer.upload(.file(source), as: .document, mimeType: "application/pdf")
            let target = folder.appending(path: "target")
            try await transfer.download(media, to: target, limit: 4_000_000)
            #expect(try Data(contentsOf: target) == Data(bytes))
            let attributes = try FileManager.default.attributesOfItem(atPath: target.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)

            server.plan(.swap, .swap, .swap, .swap)
            let error = await webError {
                try await transfer.download(media, to: folder.appending(path: "bad"), limit: 4_000_000)
            }
            #expect(error?.code == .mediaSwapped)
            #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["source", "target"])
        }
    }

    @Test(arguments: [MediaServer.Fault.status(500), .status(302), .truncate, .cut, .swap])
    func `another host helps`(_ fault: MediaServer.Fault) async throws {
        try await withMediaServer { transfer, server in
            let media = try await transfer.upload(.bytes(Self.picture), as: .video, mimeType: "video/mp4")
            server.plan(fault)
            #expect(try await transfer.download(media, limit: 1 << 20) == Self.picture)
            #expect(server.requests.count == 3)
        }
    }

    @Test func `all hosts are tried twice before a download fails`() async throws {
        try await withMediaServer { transfer, server in
            let media = try await transfer.upload(.bytes(Self.picture), as: .image, mimeType: "image/jpeg")
            server.plan(.status(500), .status(500), .status(500))
            #expect(try await transfer.download(media, limit: 1 << 20) == Self.picture)
            server.plan(.status(503), .truncate, .cut, .truncate)
            let error = await webError { _ = try await transfer.download(media, limit: 1 << 20) }
            #expect(error?.code == .mediaTruncated)
        }
    }

    @Test(arguments: [403, 404, 410]) func `a file that is gone is gone on all hosts`(_ status: Int) async throws {
        try await withMediaServer { transfer, server in
            let media = try await transfer.upload(.bytes([1, 2, 3]), as: .image, mimeType: "image/jpeg")
            server.plan(.status(status))
            let error = await webError { _ = try await transfer.download(media, limit: 1 << 20) }
            #expect(error?.code == .mediaGone)
            #expect(error?.status == status)
            #expect(server.requests.count == 2)
        }
    }

    @Test(arguments: [401, 403]) func `a refused upload gets a new word`(_ status: Int) async throws {
        try await withMediaServer { transfer, server in
            server.plan(.status(status))
            let media = try await transfer.upload(.bytes(Self.picture), as: .image, mimeType: "image/jpeg")
            #expect(server.requests.map { $0.contains("auth=word2") } == [false, true])
            #expect(try await transfer.download(media, limit: 1 << 20) == Self.picture)
        }
    }

    @Test func `an upload goes to another host after a failure`() async throws {
        try await withMediaServer { transfer, server in
            server.plan(.status(500))
            _ = try await transfer.upload(.bytes(Self.picture), as: .image, mimeType: "image/jpeg")
            #expect(server.requests.count == 2)
        }
    }

    @Test func `a server that is silent costs a bounded time`() async throws {
        var limits = MediaTransfer.Limits()
        limits.answer = .milliseconds(50)
        limits.rounds = 1
        try await withMediaServer(hosts: 1, limits: limits) { transfer, server in
            server.plan(.silence)
            let error = await webError { _ = try await transfer.download(.sample(), limit: 1 << 20) }
            #expect(error?.code == .timedOut)
        }
    }

    @Test func `more than the limit is not taken`() async throws {
        try await withMediaServer { transfer, server in
            var media = try await transfer.upload(.bytes(Self.picture), as: .image, mimeType: "image/jpeg")
            media.byteCount = nil
            let silent = media
            let error = await webError { _ = try await transfer.download(silent, limit: 50_000) }
            #expect(error?.code == .tooLarge)
            let large = await webError {
                _ = try await transfer.upload(
                    .bytes(Self.picture), as: .image, mimeType: "image/jpeg", limit: 50_000)
            }
            #expect(large?.code == .tooLarge)
            #expect(server.requests.count == 2)
        }
    }

    @Test func `a chunk of history is deleted after use`() async throws {
        try await withMediaServer { transfer, server in
            let media = try await transfer.upload(.bytes([1]), as: .history, mimeType: "")
            try await transfer.delete(media)
            let error = await webError { _ = try await transfer.download(media, limit: 10) }
            #expect(error?.code == .mediaGone)
        }
    }

    @Test func `a file that is not there is said to be`() async throws {
        try await withMediaServer { transfer, _ in
            let error = await webError {
                _ = try await transfer.upload(
                    .file(URL(fileURLWithPath: "/nowhere/at/all")), as: .image, mimeType: "image/jpeg")
            }
            #expect(error?.code == .file)
        }
    }

    @Test func `without a connection there is an error`() async throws {
        try await withMediaServer(hosts: 0) { transfer, _ in
            let error = await webError { _ = try await transfer.download(.sample(), limit: 10) }
            #expect(error?.code == .disconnected)
        }
    }
}
