import Foundation

/// The checks that messages and settings share; lengths count Unicode scalars, as Meta's own limits do.
enum Limit {
    /// A text of `range` characters.
    static func text(_ field: String, _ text: String, _ range: ClosedRange<Int>) throws(LimitViolation) {
        // Five bytes a scalar would be more than UTF-8 has: a huge text is not counted to its end.
        let count = text.utf8.count > range.upperBound * 5 ? text.utf8.count : text.unicodeScalars.count
        guard range.contains(count) else {
            let limit =
                range.lowerBound == 0 ? "at most \(range.upperBound)" : "\(range.lowerBound)...\(range.upperBound)"
            throw LimitViolation(field, "\(limit) characters", actual: "\(count) characters")
        }
    }

    /// A text of at most `most` characters, or none.
    static func optional(_ field: String, _ text: String?, _ most: Int) throws(LimitViolation) {
        if let text { try self.text(field, text, 1...most) }
    }

    /// A number of things.
    static func count(_ field: String, _ count: Int, _ range: ClosedRange<Int>) throws(LimitViolation) {
        guard range.contains(count) else {
            throw LimitViolation(field, "\(range.lowerBound)...\(range.upperBound) entries", actual: "\(count)")
        }
    }

    /// Things of which none comes twice.
    static func unique(_ field: String, _ values: [String]) throws(LimitViolation) {
        let distinct = Set(values).count
        guard distinct == values.count else {
            throw LimitViolation(field, "different from each other", actual: "\(distinct) different of \(values.count)")
        }
    }

    /// An absolute web link.
    static func link(_ field: String, _ link: String, isSecure: Bool = false) throws(LimitViolation) {
        try text(field, link, 1...2000)
        let scheme = URL(string: link)?.scheme?.lowercased()
        guard let host = URL(string: link)?.host, !host.isEmpty, scheme == "https" || (scheme == "http" && !isSecure)
        else {
            throw LimitViolation(field, isSecure ? "an https link" : "an http or https link", actual: "none")
        }
    }
}
