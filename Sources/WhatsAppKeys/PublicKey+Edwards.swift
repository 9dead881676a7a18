extension PublicKey {
    /// The y-coordinate of the same point on the Edwards curve, y = (u - 1) / (u + 1), with `sign` as bit 255.
    func edwards(sign: UInt8) -> [UInt8] {
        let u = withUnsafeBytes { $0.loadUnaligned(as: KeyWords.self) }
        let element = FieldElement(u)
        var words = ((element - .one) * (element + .one).inverse).words
        words[3] |= UInt64(sign & 0x80) << 56
        return Swift.withUnsafeBytes(of: words) { Array($0) }
    }
}
