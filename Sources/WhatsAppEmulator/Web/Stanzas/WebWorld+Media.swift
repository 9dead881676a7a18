import Crypto
import Foundation
import WhatsAppKeys
import WhatsAppWire

/// The media host and the front page.
extension WebWorld {
    /// Where and with which token media are brought and fetched.
    func mediaConnection() -> Node {
        let token = Identifiers.token(bytes: 48)
        mediaTokens.insert(token)
        return Node(
            "media_conn",
            ["auth": .text(token), "ttl": "300", "auth_ttl": "21600", "max_buckets": "12", "id": "1"],
            [Node("host", ["hostname": .text(options.mediaHost), "maxContentLengthBytes": "104857600"])])
    }

    /// Keeps a file.
    /// - Returns: the direct path with its query.
    func keepMedia(_ bytes: [UInt8]) -> String {
        let path = "/v/t62.7118-24/\(HexadecimalText.text(SecretBytes.random(count: 12).exposed()))_n.enc"
        media[path] = bytes
        let expiry = String(now + 30 * 86_400, radix: 16, uppercase: true)
        return "\(path)?ccb=11-4&oh=\(HexadecimalText.text(SecretBytes.random(count: 16).exposed()))&oe=\(expiry)"
            + "&_nc_sid=5e03e0"
    }

    /// Answers what comes to the network's face by HTTP.
    func serve(_ call: EmulatorCall) -> WebReply {
        let path = "/" + call.path.joined(separator: "/")
        switch (call.method, call.path.first) {
        case ("GET", nil):
            return .text("<html><script>{\"client_revision\":\(options.currentRevision),\"x\":1}</script></html>")
        case ("GET", "sw.js"): return .text("\"client_revision\":\(options.currentRevision),", "text/javascript")
        case ("POST", "mms"): return bring(call)
        case ("DELETE", "mms"): return delete(call)
        case ("GET", "v"), ("GET", "pps"):
            guard let bytes = media[path] else {
                log.note("media download \(path): there is none")
                return .failure("not found", status: 404)
            }
            log.note("media download \(path): \(bytes.count) bytes")
            return .file(faultyMedia(bytes))
        default: return .failure("not found", status: 404)
        }
    }

    private func bring(_ call: EmulatorCall) -> WebReply {
        guard call.path.count == 3, let auth = call.query["auth"], mediaTokens.contains(auth),
            call.query["token"] == call.path[2]
        else {
            log.note("REFUSED media upload: the token or the authorization is wrong")
            return .failure("bad auth or token", status: 401)
        }
        guard Self.mediaToken(of: call.body) == call.path[2] else {
            log.note("REFUSED media upload: the token is not the hash of the \(call.body.count) bytes")
            return .failure("hash mismatch", status: 400)
        }
        let path = keepMedia(call.body)
        log.note("media upload \(call.path[1]), \(call.body.count) bytes -> \(path)")
        return .json([
            "url": "https://\(options.mediaHost)\(path)", "direct_path": .string(path), "handle": "emulated",
        ])
    }

    /// The hash of a file as it stands in addresses: URL-safe base64 with padding.
    private static func mediaToken(of bytes: [UInt8]) -> String {
        Data(SHA256.hash(data: bytes)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
    }

    private func delete(_ call: EmulatorCall) -> WebReply {
        var text = (call.query["d_md"] ?? "").replacing("-", with: "+").replacing("_", with: "/")
        while text.count % 4 != 0 { text += "=" }
        let path = String(decoding: Data(base64Encoded: text) ?? Data(), as: UTF8.self)
        log.note("media delete \(path): \(media.removeValue(forKey: path) == nil ? "there was none" : "done")")
        return .json([:])
    }

    /// What a download gets while media are spoilt on purpose.
    private func faultyMedia(_ bytes: [UInt8]) -> [UInt8] {
        guard mediaFaults > 0 else { return bytes }
        mediaFaults -= 1
        if mediaFaultTruncates { return Array(bytes.dropLast(min(bytes.count, 16))) }
        var bytes = bytes
        if !bytes.isEmpty { bytes[bytes.count / 2] ^= 1 }
        return bytes
    }
}
