/// The names of the handshakes, which are mixed into all keys.
enum NoisePattern {
    /// Three messages; the client learns the server's key.
    static let xx: StaticString = "Noise_XX_25519_AESGCM_SHA256"
    /// Two messages; the client knows the server's key.
    static let ik: StaticString = "Noise_IK_25519_AESGCM_SHA256"
    /// The server could not or would not read an IK message, and goes on as in XX.
    static let xxFallback: StaticString = "Noise_XXfallback_25519_AESGCM_SHA256"
}
