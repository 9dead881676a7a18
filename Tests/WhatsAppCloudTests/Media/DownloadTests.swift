import Crypto
import Foundation
import Hummingbird
import Synchronization
import Testing

@testable import WhatsAppCloud

@Suite struct DownloadTests {
    private static let content = String(repeating: "a sea of bytes ", count: 10_000)
    private static let hash = ContentHash(bytes: Array(SHA256.hash(data: Data(content.utf8))))

    private static func info(
        _ request: RecordedRequest, path: String = "/file", hash: String = hash.hexadecimal,
        size: Int? = content.utf8.count
    ) -> Response {
        let origin = "http://" + (request.headers["host"] ?? "")
        let link = path.hasPrefix("/") ? origin + path : path
        let size = size.map { #","file_size":\#($0)"# } ?? ""
        return .json(
            #"""
            {"url":"\#(link)","mime_type":"image/jpeg","sha256":"\#(hash)"\#(size),"id":"7",\#
            "messaging_product":"whatsapp"}
            """#
        )
    }

    private static func file(_ text: String = content) -> Response {
        Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// Fetches media 7 from a server that answers like this.
    private func fetch(
        limit: Int = 1 << 20, webhookHash: String? = nil, _ answer: @escaping ServerAnswer,
        check: @Sendable (Result<DownloadedMedia, GraphError>, _ target: URL, GraphServer) throws -> Void
    ) async throws {
        try await withFolder { folder in
            let target = folder.appendingPathComponent("file")
            try await withGraph(answer) { graph, server async throws in
                try check(await Self.result(graph, target, limit, webhookHash), target, server)
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "file" }
            #expect(left.isEmpty)
        }
    }

    private static func result(
        _ graph: GraphClient, _ target: URL, _ limit: Int, _ webhookHash: String?
    ) async -> Result<DownloadedMedia, GraphError> {
        do {
            return .success(try await graph.download("7", to: target, limit: limit, webhookHash: webhookHash))
        } catch {
            return .failure(error)
        }
    }

    /// The kind of failure; nothing may be left at the target.
    private func failure(limit: Int = 1 << 20, webhookHash: String? = nil, _ answer: @escaping ServerAnswer)
        async throws -> GraphError.Code?
    {
        let codes = RequestedCode()
        try await fetch(limit: limit, webhookHash: webhookHash, answer) { result, target, _ in
            #expect(!FileManager.default.fileExists(atPath: target.path))
            if case .failure(let error) = result { codes.set(error.code) }
        }
        return codes.code
    }

    @Test func `fetches a file with the token and checks it against both hashes`() async throws {
        let base64 = Data(Self.hash.bytes).base64EncodedString()
        try await fetch(webhookHash: base64) { request, _ in
            request.uri == "/v26.0/7" ? Self.info(request) : Self.file()
        } check: { result, target, server in
            let media = try result.get()
            #expect(media == DownloadedMedia(bytes: Self.content.utf8.count, hash: Self.hash, mimeType: "image/jpeg"))
            #expect(try String(contentsOf: target, encoding: .utf8) == Self.content)
            let mode = try FileManager.default.attributesOfItem(atPath: target.path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(
                server.requests.map { $0.headers["authorization"] } == ["Bearer EAAtesttoken", "Bearer EAAtesttoken"])
        }
    }

    @Test func `asks once for a fresh link if the first is gone`() async throws {
        try await fetch { request, index in
            switch index {
            case 0, 2: Self.info(request)
            case 1: Response(status: .notFound)
            default: Self.file()
            }
        } check: { result, _, server in
            #expect(throws: Never.self) { try result.get() }
            #expect(server.requests.count == 4)
        }
        try await fetch { request, index in
            index.isMultiple(of: 2) ? Self.info(request) : Response(status: .notFound)
        } check: { result, _, server in
            guard case .failure(let error) = result else { throw Unexpected() }
            #expect(error.code == .mediaGone && server.requests.count == 4)
        }
    }

    @Test func `refuses a wrong hash, of the API or of the webhook`() async throws {
        let wrong = String(repeating: "0", count: 64)
        #expect(
            try await failure { request, index in index == 0 ? Self.info(request, hash: wrong) : Self.file() }
                == .mediaMismatch)
        #expect(
            try await failure(webhookHash: wrong) { request, index in index == 0 ? Self.info(request) : Self.file() }
                == .mediaMismatch)
    }

    @Test func `refuses a file that is cut or has another size`() async throws {
        #expect(
            try await failure { request, index in
                index == 0 ? Self.info(request) : .cut(after: "a sea of", length: Self.content.utf8.count)
            } == .mediaTruncated)
        #expect(
            try await failure { request, index in index == 0 ? Self.info(request) : .cut(after: "a sea of") }
                == .mediaTruncated)
        #expect(
            try await failure { request, index in index == 0 ? Self.info(request) : Self.file("short") }
                == .mediaTruncated)
        #expect(
            try await failure { request, index in index == 0 ? Self.info(request) : Self.file(Self.content + "x") }
                == .mediaMismatch)
    }

    @Test func `refuses what is larger than allowed, announced or not`() async throws {
        #expect(try await failure(limit: 1000) { request, _ in Self.info(request) } == .mediaTooLarge)
        #expect(
            try await failure(limit: 1000) { request, index in index == 0 ? Self.info(request, size: 10) : Self.file() }
                == .mediaTooLarge)
        #expect(
            try await failure(limit: 1000) { request, index in
                index == 0
                    ? Self.info(request, size: nil)
                    : Response(
                        status: .ok,
                        body: .init { writer in
                            for _ in 0..<100 { try await writer.write(ByteBuffer(string: Self.content)) }
                            try await writer.finish(nil)
                        })
            } == .mediaTooLarge)
    }

    @Test func `follows redirects only to allowed hosts, and few of them`() async throws {
        try await fetch { request, index in
            switch index {
            case 0: Self.info(request)
            case 1: Response(status: .found, headers: [.location: "/moved"])
            default: Self.file()
            }
        } check: { result, _, server in
            #expect(throws: Never.self) { try result.get() }
            #expect(server.requests.last?.uri == "/moved")
        }
        #expect(
            try await failure { request, index in
                index == 0 ? Self.info(request) : Response(status: .found, headers: [.location: "/again"])
            } == .redirected)
    }

    @Test func `never gives the token to a foreign host`() async throws {
        try await withServer { _, _ in
            Self.file()
        } test: { foreign async throws in
            let place = foreign.origin + "/steal"
            #expect(try await failure { request, _ in Self.info(request, path: place) } == .hostNotAllowed)
            #expect(
                try await failure { request, index in
                    index == 0 ? Self.info(request) : Response(status: .found, headers: [.location: place])
                } == .hostNotAllowed)
            #expect(foreign.requests.isEmpty)
        }
    }

    @Test func `tells a refusal of Meta's from a missing file`() async throws {
        #expect(
            try await failure { request, index in
                index == 0 ? Self.info(request) : .graphError(190, status: .unauthorized)
            } == .refused)
        #expect(try await failure { _, _ in .graphError(100, status: .badRequest) } == .refused)
        #expect(try await failure { _, _ in .json(#"{"id":"7"}"#) } == .unreadableAnswer)
    }

    @Test(arguments: [
        "https://graph.facebook.com/x", "https://lookaside.fbsbx.com/a?b=c", "https://scontent.xx.fbcdn.net:443/x",
    ])
    func `allows Meta's hosts`(_ link: String) {
        #expect(MediaHosts().allows(link))
    }

    @Test(arguments: [
        "http://lookaside.fbsbx.com/a", "https://fbsbx.com.evil.example/", "https://evilfbsbx.com/",
        "https://.fbsbx.com/",
        "https://lookaside.fbsbx.com@evil.example/", "https://evil.example/https://lookaside.fbsbx.com",
        "ftp://a.fbsbx.com",
        "https://lookaside.fbsbx.com:8443/", "https://u:p@lookaside.fbsbx.com/",
        "https://evil.example\\@lookaside.fbsbx.com/",
        "https://evil.example#.fbsbx.com", "https://127.0.0.1/", "", "/x", "https://lookaside.fbsbx.com/ä",
    ])
    func `allows no other`(_ link: String) {
        #expect(!MediaHosts().allows(link))
    }

    @Test func `reads hashes in both forms`() {
        #expect(ContentHash(Self.hash.hexadecimal) == Self.hash)
        #expect(ContentHash(Data(Self.hash.bytes).base64EncodedString()) == Self.hash)
        #expect(ContentHash("abc") == nil)
    }
}

/// Carries a code out of a closure.
private final class RequestedCode: Sendable {
    private let state = Mutex<GraphError.Code?>(nil)

    var code: GraphError.Code? { state.withLock { $0 } }
    func set(_ code: GraphError.Code) { state.withLock { $0 = code } }
}
