/// Money in whole 1e-9 USD, so that sums are exact.
enum NanoUSD {
    /// Reads a decimal such as `0.075`: digits, at most one point, at most nine places. `nil` for anything else.
    static func parse(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...9).contains(whole.utf8.count), whole.utf8.allSatisfy(isDigit) else {
            return nil
        }
        let places = parts.count == 2 ? parts[1] : "0"
        guard (1...9).contains(places.utf8.count), places.utf8.allSatisfy(isDigit) else { return nil }
        return Int64(whole + places + String(repeating: "0", count: 9 - places.utf8.count))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
