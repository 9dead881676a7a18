/// Names of fields and settings whose values are secrets.
enum SecretNames {
    enum Kind {
        /// Any value is one, `password: sesame` too.
        case always
        /// Values that look like one; `token: expired` is a sentence.
        case whenLikely
    }

    private static let likely = [
        "apikey", "token", "secret", "secretkey", "privatekey", "accesskey", "authorization", "cookie", "signature",
        "bearer", "pass",
    ].map { Array($0.utf8) }
    private static let certain = ["password", "passwd", "passphrase", "pwd"].map { Array($0.utf8) }

    /// What a name such as `x-api-key`, `OPENAI_API_KEY` or `accessToken` stands for; `nil` when for no secret.
    static func kind(of name: UnsafeBufferPointer<UInt8>) -> Kind? {
        guard name.count >= 3 else { return nil }
        // From the end, for most names differ there.
        if likely.contains(where: { ends(name, with: $0) }) { return .whenLikely }
        return certain.contains { ends(name, with: $0) } ? .always : nil
    }

    private static func ends(_ name: UnsafeBufferPointer<UInt8>, with ending: [UInt8]) -> Bool {
        var place = name.count - 1
        for byte in ending.reversed() {
            while place >= 0, Signs.of[Int(name[place])] & Signs.joint != 0 { place -= 1 }
            guard place >= 0, name[place] | 0x20 == byte else { return false }
            place -= 1
        }
        return true
    }
}
