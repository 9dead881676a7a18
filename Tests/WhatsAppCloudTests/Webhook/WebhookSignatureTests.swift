import Foundation
import Testing

@testable import WhatsAppCloud

@Suite struct WebhookSignatureTests {
    private let body = Array(#"{"text":"\u05d3\u05e0\u05d4 \ud83d\ude00 https:\/\/e.example a@b"}"#.utf8)

    @Test func `agrees with a signature that openssl made`() throws {
        // printf '%s' '{"a":"\u05d3"}' | openssl dgst -sha256 -hmac 'app secret'
        let signature = try WebhookSignature(secrets: ["app secret"])
        let header = "sha256=9d78e00bfea982c74f376a1f3cd79615dfde735178d3176b416a8cd0feb7c5da"
        #expect(signature.accepts(Array(#"{"a":"\u05d3"}"#.utf8), header: header))
        #expect(signature.accepts(Array(#"{"a":"\u05d3"}"#.utf8), header: "sha256=" + header.dropFirst(7).uppercased()))
        #expect(!signature.accepts(Array(#"{"a":"ד"}"#.utf8), header: header))
    }

    @Test func `takes the old secret too while both are given`() throws {
        let old = try WebhookSignature(secrets: ["old"])
        let header = old.header(for: body)
        #expect(try WebhookSignature(secrets: ["new", "old"]).accepts(body, header: header))
        #expect(try !WebhookSignature(secrets: ["new"]).accepts(body, header: header))
    }

    @Test func `refuses absent, short, long and malformed headers`() throws {
        let signature = try WebhookSignature(secrets: ["secret"])
        let good = signature.header(for: body)
        let bad: [String?] = [
            nil, "", "sha256=", String(good.dropLast()), good + "0", String(good.dropLast(2)), " " + good,
            String(good.dropFirst(7)), good.replacing("sha256", with: "sha1"), String(good.dropLast()) + "g",
            "sha256=" + String(repeating: "0", count: 64), "sha256=" + String(repeating: "é", count: 32),
        ]
        #expect(signature.accepts(body, header: good))
        for header in bad { #expect(!signature.accepts(body, header: header)) }
        #expect(!signature.accepts(body + [0x20], header: good))
    }

    @Test(arguments: [[], [""], ["a", ""], ["a", "b", "c"]])
    func `refuses secrets that protect nothing`(_ secrets: [String]) {
        #expect(throws: SecretFailure.self) { try WebhookSignature(secrets: secrets) }
    }
}

@Suite struct WebhookHandshakeTests {
    @Test func `gives the challenge back, as it came`() throws {
        let handshake = try WebhookHandshake(verifyToken: "token")
        let answer = handshake.answer(mode: "subscribe", challenge: "1158201444", verifyToken: "token")
        #expect(answer == .challenge("1158201444"))
    }

    @Test(
        arguments: [
            (nil, "1", "token"), ("unsubscribe", "1", "token"), ("subscribe", nil, "token"), ("subscribe", "", "token"),
            ("subscribe", "1", nil), ("subscribe", "1", ""), ("subscribe", "1", "Token"), ("subscribe", "1", "token "),
            ("subscribe", String(repeating: "1", count: 1025), "token"),
        ] as [(String?, String?, String?)])
    func `refuses everything else`(_ mode: String?, _ challenge: String?, _ token: String?) throws {
        let handshake = try WebhookHandshake(verifyToken: "token")
        guard case .refused = handshake.answer(mode: mode, challenge: challenge, verifyToken: token) else {
            throw Unexpected()
        }
    }

    @Test func `needs a token`() {
        #expect(throws: SecretFailure.self) { try WebhookHandshake(verifyToken: "") }
    }
}

@Suite struct BusinessScopedUserIDTests {
    @Test(arguments: [
        "US.13491208655302741918", "IL.a", "BR.ENT.Ab9", "US.ENT", "US." + String(repeating: "a", count: 128),
    ])
    func `knows well-formed ids`(_ text: String) {
        #expect(BusinessScopedUserID(rawValue: text).isWellFormed)
    }

    @Test(arguments: [
        "", "US", "US.", "us.1", "USA.1", "U1.1", "US.a b", "US.a.b", "US.ENT.", "US.é", "15550000001", "US,1",
        "US." + String(repeating: "a", count: 129),
    ])
    func `knows what is none`(_ text: String) {
        #expect(!BusinessScopedUserID(rawValue: text).isWellFormed)
    }

    @Test func `tells parents from others`() {
        #expect(BusinessScopedUserID(rawValue: "US.ENT.A1").isParent)
        #expect(!BusinessScopedUserID(rawValue: "US.ENT").isParent)
        #expect(!BusinessScopedUserID(rawValue: "US.A1").isParent)
    }
}
