import Foundation
import Hummingbird
import Testing

@testable import WhatsAppCloud

/// A new, empty folder that is removed after `work`.
func withFolder(_ work: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cloud-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    do { try await work(folder) } catch {
        try FileManager.default.removeItem(at: folder)
        throw error
    }
    try FileManager.default.removeItem(at: folder)
}

@Suite struct UploadTests {
    private let ogg = Data("OggS".utf8) + Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0) })

    @Test func `streams a form with name, type and bytes`() async throws {
        try await withFolder { folder in
            let file = folder.appendingPathComponent("voice")
            try ogg.write(to: file)
            let bytes = Array(ogg)
            try await withGraph { _, _ in
                .json(#"{"id":"4490709327384033"}"#)
            } test: { graph, server async throws in
                #expect(try await graph.upload(file, mimeType: "audio/ogg") == "4490709327384033")
                let request = try #require(server.requests.first)
                let boundary = try #require(
                    request.headers["content-type"]?.split(separator: "=").last.map(String.init))
                let head =
                    """
                    --\(boundary)\r\nContent-Disposition: form-data; \
                    name=\"messaging_product\"\r\n\r\nwhatsapp\r\n--\(boundary)\r\nContent-Disposition: form-data; \
                    name=\"type\"\r\n\r\naudio/ogg; codecs=opus\r\n--\(boundary)\r\nContent-Disposition: form-data; \
                    name=\"file\"; filename=\"file.ogg\"\r\nContent-Type: audio/ogg; codecs=opus\r\n\r\n
                    """
                let tail = "\r\n--\(boundary)--\r\n"
                #expect(request.uri == "/v26.0/106540352242922/media")
                #expect(request.headers["content-length"] == String(request.body.count))
                #expect(request.body == Array(head.utf8) + bytes + Array(tail.utf8))
            }
        }
    }

    @Test(
        arguments: [
            ("audio/opus", nil, "OggS", GraphError.Code.mediaMismatch), ("audio/ogg", "a.mp4", "OggS", .mediaMismatch),
            ("audio/ogg", nil, "RIFF", .mediaMismatch), ("image/png", nil, "OggS", .mediaMismatch),
            ("text/plain", nil, "", .mediaMismatch),
        ] as [(String, String?, String, GraphError.Code)])
    func `refuses a file whose name, type and bytes do not fit`(
        _ type: String, _ name: String?, _ start: String, _ code: GraphError.Code
    ) async throws {
        try await withFolder { folder in
            let file = folder.appendingPathComponent("file")
            try Data(start.utf8).write(to: file)
            try await withClient("http://127.0.0.1:9") { graph async throws in
                let error = try await graphError { _ = try await graph.upload(file, mimeType: type, filename: name) }
                #expect(error.code == code && !error.mayHaveBeenAccepted)
            }
        }
    }

    @Test func `refuses files that are too large or not there`() async throws {
        try await withFolder { folder in
            let still = folder.appendingPathComponent("still.webp")
            try (Data("RIFF0000WEBPVP8 ".utf8) + Data(count: 100 << 10)).write(to: still)
            let moving = folder.appendingPathComponent("moving.webp")
            try (Data("RIFF0000WEBPVP8X0000".utf8) + Data([0x02]) + Data(count: 100 << 10)).write(to: moving)
            try await withGraph { _, _ in
                .json(#"{"id":"1"}"#)
            } test: { graph, _ async throws in
                #expect(
                    try await graphError { _ = try await graph.upload(still, mimeType: "image/webp") }.code
                        == .mediaTooLarge)
                #expect(try await graph.upload(moving, mimeType: "image/webp") == "1")
                let absent = folder.appendingPathComponent("absent")
                #expect(
                    try await graphError { _ = try await graph.upload(absent, mimeType: "image/png") }.code
                        == .fileUnavailable)
            }
        }
    }

    @Test func `keeps a hostile name inside its quotes`() {
        let form = MultipartFile(
            file: URL(fileURLWithPath: "/dev/null"), fileBytes: 0, filename: "a\"\r\nX: y/../b.txt",
            mimeType: "text/plain",
            fields: [], boundary: "b")
        #expect(
            form.length
                == """
                --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a___X: \
                y_.._b.txt\"\r\nContent-Type: text/plain\r\n\r\n\r\n--b--\r\n
                """
                .utf8.count)
    }
}
