import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

@Suite struct MediaAddressTests {
    let connection = MediaConnection(
        hosts: ["mmg.whatsapp.net"], auth: "a+b/c=", expiresAt: Date(timeIntervalSince1970: 1))

    @Test func `a download goes to the host, behind the path of the message`() throws {
        let media = try MediaReference.sample()
        let token = "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM%3D"
        #expect(
            MediaAddress().download(media, host: "mmg.whatsapp.net")
                == "https://mmg.whatsapp.net/v/t62.7118-24/1_n.enc?ccb=11-4&hash=\(token)&mms-type=image&__wa-mms=")
    }

    @Test func `an upload names the kind, the hash and the word`() {
        let hash = [UInt8](repeating: 0xFB, count: 32)
        #expect(
            MediaAddress().upload(.history, encryptedSHA256: hash, connection: connection, host: "h")
                == "https://h/mms/md-msg-hist/-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s=?auth=a%2Bb%2Fc%3D"
                + "&token=-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_v7-_s%3D")
    }

    @Test func `a deletion names the path without its query`() throws {
        let address = MediaAddress(scheme: "http")
            .deletion(try .sample(.history), handle: "h&1", connection: connection, host: "h:8")
        #expect(address.hasPrefix("http://h:8/mms/md-msg-hist/AwMD"))
        #expect(address.contains("&d_md=L3YvdDYyLjcxMTgtMjQvMV9uLmVuYw&"))
        #expect(address.hasSuffix("&e_handle=h%261"))
    }

    @Test func `the answer about media servers is read and bounded`() throws {
        let now = Date(timeIntervalSince1970: 100)
        let hosts = (0..<50).map { Node("host", ["hostname": .text("h\($0).example")]) }
        let answer = Node(
            "iq", [:],
            [
                Node(
                    "media_conn", ["auth": "word", "ttl": "300"],
                    [Node("host", ["hostname": "evil.example/?"])] + hosts)
            ])
        let connection = try MediaConnection(answer: answer, at: now)
        #expect(connection.hosts.count == MediaConnection.mostHosts)
        #expect(connection.hosts.first == "h0.example")
        #expect(connection.expiresAt == now + 300)
        #expect(throws: WebError.self) { try MediaConnection(answer: Node("iq"), at: now) }
        #expect(throws: WebError.self) {
            try MediaConnection(answer: Node("iq", [:], [Node("media_conn", ["auth": "word"])]), at: now)
        }
    }

    @Test func `a media retry is sealed and opened as by others`() throws {
        struct Vector: Decodable {
            let media_key: Hex
            let nonce: Hex
            let id: String
            let retry_request: Hex
            let retry_answer: Hex
            let retry_path: String
        }
        let vector: Vector = try Vectors.load("additions")
        let message = MessageReference(id: vector.id, chat: People.group, sender: People.dana, isFromMe: false)
        let request = try MediaRetry.request(
            for: message, mediaKey: vector.media_key.bytes, own: People.myPhone.with(device: 3),
            nonce: vector.nonce.bytes)
        #expect(request.descendant("encrypt", "enc_p")?.bytes == vector.retry_request.bytes)
        #expect(request.text("type") == "server-error")
        #expect(request.text("to") == People.myPhone.description)
        #expect(request.child("rmr")?.text("participant") == People.dana.description)

        func answer(_ sealed: [UInt8]) -> Node {
            Node(
                "notification", ["id": .text(vector.id), "type": "mediaretry"],
                [Node("encrypt", [:], [Node("enc_p", bytes: sealed), Node("enc_iv", bytes: vector.nonce.bytes)])])
        }
        let outcome = try MediaRetry.outcome(answer(vector.retry_answer.bytes), mediaKey: vector.media_key.bytes)
        #expect(outcome == .uploaded(directPath: vector.retry_path))
        for index in vector.retry_answer.bytes.indices {
            var bad = vector.retry_answer.bytes
            bad[index] ^= 1
            #expect(throws: WebError.self) { try MediaRetry.outcome(answer(bad), mediaKey: vector.media_key.bytes) }
        }
        let refused = Node("notification", ["id": "M"], [Node("error", ["code": "2"])])
        #expect(try MediaRetry.outcome(refused, mediaKey: vector.media_key.bytes) == .notFound)
    }
}
