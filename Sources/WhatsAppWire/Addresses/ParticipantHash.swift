import Crypto

/// The short hash over a list of devices that shows whether client and server know the same ones ("phash").
public enum ParticipantHash {
    /// `2:` and the first 6 bytes, in base64 without padding, of the SHA-256 of the sorted devices.
    ///
    /// Each device counts as `user.agent:device@server`; the order of `devices` does not matter.
    public static func hash(of devices: some Sequence<JID>) -> String {
        let texts = devices.map { "\($0.user).\($0.agent):\($0.device)@\($0.server.name)" }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var hash = SHA256()
        for text in texts { hash.update(data: Array(text.utf8)) }
        return "2:" + base64(hash.finalize().prefix(6))
    }

    /// Base64 of bytes whose number is a multiple of 3.
    private static func base64(_ bytes: some Sequence<UInt8>) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var bits: UInt32 = 0
        var count = 0
        var text: [UInt8] = []
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(alphabet[Int(bits >> UInt32(count)) & 63])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
