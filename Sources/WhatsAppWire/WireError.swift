/// Why bytes could not be read or written as WhatsApp's wire format, or a handshake failed.
///
/// The text names what failed and never holds content, keys or addresses.
public struct WireError: Error, Sendable, CustomStringConvertible {
    /// A kind of failure; more may come.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The kind's name.
        public let description: String
        private init(_ name: String) { description = name }

        /// A frame or the bytes before the first frame break the format.
        public static let malformedFrame = Code("malformedFrame")
        /// Bytes are no binary XML.
        public static let malformedNode = Code("malformedNode")
        /// Text is no address.
        public static let malformedJID = Code("malformedJID")
        /// A stanza lacks an attribute or child that it must have.
        public static let missing = Code("missing")
        /// An attribute or content has another form than it must have.
        public static let unexpected = Code("unexpected")
        /// Something is larger, deeper or more numerous than allowed.
        public static let limit = Code("limit")
        /// A value has no form on the wire: a list or a device number that is too large.
        public static let notEncodable = Code("notEncodable")
        /// Compressed bytes are damaged or incomplete.
        public static let compression = Code("compression")
        /// A message of the handshake is not what the pattern wants.
        public static let malformedHandshake = Code("malformedHandshake")
        /// A method was called when the state did not allow it.
        public static let outOfOrder = Code("outOfOrder")
        /// Ciphertext or its tag is wrong: damaged, forged, repeated or out of order.
        public static let authentication = Code("authentication")
        /// A cipher has used all its counters; the connection must be made anew.
        public static let counterExhausted = Code("counterExhausted")
        /// A certificate has a wrong form.
        public static let certificateMalformed = Code("certificateMalformed")
        /// A certificate's signature is not of the key that must have made it.
        public static let certificateSignature = Code("certificateSignature")
        /// A certificate names another issuer than the one above it.
        public static let certificateIssuer = Code("certificateIssuer")
        /// The certificate is for another key than the server's.
        public static let certificateKey = Code("certificateKey")
        /// A certificate's time is over, or the clock is wrong.
        public static let certificateExpired = Code("certificateExpired")
        /// A certificate's time has not begun, or the clock is wrong.
        public static let certificateNotYetValid = Code("certificateNotYetValid")
    }

    /// What kind of failure.
    public let code: Code
    /// What failed.
    public let description: String
    /// What a lower layer reported, if it did.
    public let underlying: (any Error)?

    init(_ code: Code, _ description: String, underlying: (any Error)? = nil) {
        self.code = code
        self.description = description
        self.underlying = underlying
    }
}
