/// Codes that people read off one screen and type into another.
enum ShortCode {
    private static let signs = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    /// So many random signs that cannot be taken for each other, of five bits each.
    static func random(_ length: Int) -> String {
        var source = SystemRandomNumberGenerator()
        return String((0..<length).map { _ in signs[Int.random(in: 0..<signs.count, using: &source)] })
    }
}
