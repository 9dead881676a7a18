import Foundation

/// One entry of the price file.
struct Price: Decodable, Sendable, Equatable {
    enum Unit: String, Decodable, Sendable { case token, image, second, character, request }

    /// A model's name; `*` stands for anything.
    var match: String
    /// The only host that it holds for.
    var provider: String?
    var unit: Unit
    /// How many units the prices are for.
    var per: Int64
    /// In 1e-9 USD.
    var input: Int64
    var cachedInput: Int64
    var output: Int64
    /// The first day, and the first day on which it no longer holds; UTC.
    var from: Date?
    var until: Date?
    var source: String?
    /// The day on which somebody looked at the source, `YYYY-MM-DD`.
    var asOf: String?

    enum CodingKeys: String, CodingKey {
        case match, provider, unit, per, input, output, from, until, source
        case cachedInput = "cached_input"
        case asOf = "as_of"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func money(_ key: CodingKeys) throws -> Int64? {
            guard let text = try fields.decodeIfPresent(String.self, forKey: key) else { return nil }
            guard let value = NanoUSD.parse(text) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: fields, debugDescription: "must be a decimal text such as \"0.75\"")
            }
            return value
        }
        func day(_ key: CodingKeys) throws -> Date? {
            guard let text = try fields.decodeIfPresent(String.self, forKey: key) else { return nil }
            guard let date = try? Date(text, strategy: .iso8601.year().month().day()) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: fields, debugDescription: "must be a day such as \"2026-11-21\"")
            }
            return date
        }
        match = try fields.decode(String.self, forKey: .match)
        provider = try fields.decodeIfPresent(String.self, forKey: .provider)?.lowercased()
        unit = try fields.decodeIfPresent(Unit.self, forKey: .unit) ?? .token
        per = try fields.decodeIfPresent(Int64.self, forKey: .per) ?? 1_000_000
        guard (1...1_000_000_000).contains(per) else {
            throw DecodingError.dataCorruptedError(
                forKey: .per, in: fields, debugDescription: "must be from 1 to 1000000000")
        }
        input = try money(.input) ?? 0
        cachedInput = try money(.cachedInput) ?? input
        output = try money(.output) ?? 0
        from = try day(.from)
        until = try day(.until)
        source = try fields.decodeIfPresent(String.self, forKey: .source)
        asOf = try fields.decodeIfPresent(String.self, forKey: .asOf)
    }

    /// Whether it holds for a model at a host on a day.
    func holds(for model: String, host: String, at time: Date) -> Bool {
        if let provider, provider != host { return false }
        if let from, time < from { return false }
        if let until, time >= until { return false }
        return Glob.matches(match[...], model[...])
    }

    /// How closely it names a model: the letters that it fixes, an exact name before a pattern.
    var closeness: Int { match.utf8.filter { $0 != UInt8(ascii: "*") }.count * 2 + (match.contains("*") ? 0 : 1) }
}

/// Patterns in which `*` stands for any run of characters.
enum Glob {
    static func matches(_ pattern: Substring, _ text: Substring) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1, let head = parts.first, let tail = parts.last else { return pattern == text }
        guard text.utf8.count >= head.utf8.count + tail.utf8.count, text.hasPrefix(head), text.hasSuffix(tail) else {
            return false
        }
        var rest = text.dropFirst(head.count).dropLast(tail.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }
}
