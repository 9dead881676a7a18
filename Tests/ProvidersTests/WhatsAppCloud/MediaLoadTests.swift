import BotKit
import Foundation
import Hummingbird
import Testing

@testable import Providers

/// Files that came in.
@Suite struct MediaLoadTests {
    private let media = Media(kind: .image, reference: "55", mimeType: "image/jpeg")

    private func serve(_ rig: CloudRig, link: String? = nil, size: Int = 4, hash: String = "") {
        let origin = rig.graph.origin
        rig.graph.answer { request in
            if request.path == "/files/55" { return .file([1, 2, 3, 4]) }
            if request.path.hasSuffix("/55") {
                let url = link ?? "\(origin)/files/55"
                return .json(#"{"url":"\#(url)","mime_type":"image/jpeg","file_size":\#(size)\#(hash)}"#)
            }
            return nil
        }
    }

    @Test func `a file is fetched and leaves nothing behind`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            serve(rig)
            #expect(try await rig.provider.load(media, maxBytes: 4) == Data([1, 2, 3, 4]))
        }
    }

    @Test func `a file that is too large or gone is refused`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            serve(rig)
            await #expect(throws: Refusal.self) { _ = try await rig.provider.load(media, maxBytes: 3) }
            serve(rig, size: 5000)
            await #expect(throws: Refusal.self) { _ = try await rig.provider.load(media, maxBytes: 4999) }
            let origin = rig.graph.origin
            rig.graph.answer { request in
                request.path.hasPrefix("/v26.0/")
                    ? .json(#"{"url":"\#(origin)/files/55"}"#) : Response(status: .notFound)
            }
            await #expect(throws: Refusal.self) { _ = try await rig.provider.load(media, maxBytes: 4) }
        }
    }

    @Test func `a wrong hash and a foreign host are refused, a file that ends early is an outage`() async throws {
        try await CloudRig.running(runsProviders: false) { rig async throws in
            serve(rig, hash: #","sha256":"\#(String(repeating: "0", count: 64))""#)
            var refusal = await #expect(throws: Refusal.self) { _ = try await rig.provider.load(media, maxBytes: 100) }
            #expect(refusal?.reason == "media_damaged")
            serve(rig, size: 9)
            await #expect(throws: Outage.self) { _ = try await rig.provider.load(media, maxBytes: 100) }
            serve(rig, link: "http://127.0.0.1:1/files/55")
            refusal = await #expect(throws: Refusal.self) { _ = try await rig.provider.load(media, maxBytes: 100) }
            #expect(refusal?.reason == "media_damaged")
        }
    }
}
