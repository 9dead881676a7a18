/// Why bytes are no key, or keys gave no shared secret.
public struct KeyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A kind of failure; more may come.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The kind's name.
        public let description: String
        private init(_ name: String) { description = name }

        /// The bytes have a length that no key of this kind has.
        public static let length = Code("length")
        /// The first of 33 bytes is not 5, the type of Curve25519 keys.
        public static let type = Code("type")
        /// The peer's key has a small order: the secret would be known to everybody.
        public static let smallOrder = Code("smallOrder")
        /// Ciphertext is damaged or forged, or was made with another key or nonce.
        public static let authentication = Code("authentication")
    }

    /// What kind of failure.
    public let code: Code
    /// What failed, without any key.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
