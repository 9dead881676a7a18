public import BotKit
public import Foundation

/// What models cost, from a dated file that comes with the product and one that the operator may add.
///
/// A file is a JSON array of entries: `match` (a name, `*` for anything), `provider` (a host; optional), `unit`
/// (`token` unless it says otherwise), `input`, `cached_input`, `output` (decimal texts, USD for `per` units, 1000000
/// unless it says otherwise), `from` and `until` (days, the second excluded), `source`, `as_of`. The operator's file is
/// asked first. In a file the closest `match` wins, and among equals the later one.
public struct PriceList: Sendable {
    /// The operator's entries, then ours.
    private let layers: [[Price]]

    private init(layers: [[Price]]) { self.layers = layers }

    /// The prices that come with the product.
    /// - Throws: `Defect` when the built-in file is broken.
    public static func builtIn() throws -> PriceList {
        do {
            return PriceList(layers: [try decode(Data(PackageResources.prices_json))])
        } catch {
            throw Defect("the built-in price file cannot be read")
        }
    }

    /// The prices that come with the product, under those in `file`.
    /// - Parameter setting: what names the file, for messages.
    /// - Throws: `Misconfiguration` when the file cannot be read.
    public static func load(_ file: URL, named setting: String = "PRICE_FILE") throws -> PriceList {
        func problem(_ what: String) -> Misconfiguration {
            Misconfiguration(
                setting, what, remedy: "Make \(file.path()) a JSON array of prices, or remove \(setting).")
        }
        guard let data = try? Data(contentsOf: file) else { throw problem("is a file that cannot be read") }
        guard data.count <= 1 << 20 else { throw problem("is a file larger than 1 MiB") }
        do {
            return PriceList(layers: try [decode(data)] + builtIn().layers)
        } catch let error as DecodingError {
            throw problem("has a wrong entry: \(error.place)")
        }
    }

    /// A list of the given JSON alone.
    static func only(_ json: String) throws -> PriceList { PriceList(layers: [try decode(Data(json.utf8))]) }

    private static func decode(_ data: Data) throws -> [Price] { try JSONDecoder().decode([Price].self, from: data) }

    /// What a use of tokens costs at `time`, in 1e-9 USD, rounded up; `nil` when nobody told us the model's price. A
    /// model on the operator's own network costs nothing unless an entry names its host.
    public func cost(of usage: Usage, at time: Date) -> Int64? {
        let isLocal = LocalHost.contains(usage.host)
        let found = price(for: usage.model, host: usage.host, at: time)
        guard let found, !isLocal || found.provider != nil else { return isLocal ? 0 : nil }
        let fresh = max(usage.inputTokens - usage.cachedTokens, 0)
        let sum =
            Int128(fresh) * Int128(found.input) + Int128(usage.cachedTokens) * Int128(found.cachedInput)
            + Int128(usage.outputTokens) * Int128(found.output)
        return Int64(exactly: (sum + Int128(found.per) - 1) / Int128(found.per))
    }

    func price(for model: String, host: String, at time: Date) -> Price? {
        for layer in layers {
            var best: Price?
            for price in layer where price.unit == .token && price.holds(for: model, host: host, at: time) {
                if price.closeness >= best?.closeness ?? 0 { best = price }
            }
            if let best { return best }
        }
        return nil
    }
}

/// Hosts that are the operator's own.
enum LocalHost {
    static func contains(_ host: String) -> Bool {
        let host = host.lowercased().trimmingCharacters(in: ["[", "]"])
        if !host.contains(".") && !host.contains(":") { return true }
        if ["::1", "host.docker.internal"].contains(host) || host.hasSuffix(".local") || host.hasSuffix(".internal") {
            return true
        }
        if host.contains(":") { return host.hasPrefix("fd") || host.hasPrefix("fc") || host.hasPrefix("fe80") }
        let numbers = host.split(separator: ".").compactMap { UInt8($0) }
        guard numbers.count == 4 else { return false }
        switch (numbers[0], numbers[1]) {
        case (127, _), (10, _), (192, 168), (172, 16...31), (169, 254): return true
        default: return false
        }
    }
}

extension DecodingError {
    /// Where in the file, and what is wrong.
    fileprivate var place: String {
        let context: Context? =
            switch self {
            case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
                .valueNotFound(_, let context):
                context
            @unknown default: nil
            }
        guard let context else { return "unreadable" }
        let path = context.codingPath.map { $0.intValue.map { "entry \($0 + 1)" } ?? $0.stringValue }
        return (path + [context.debugDescription]).joined(separator: ", ")
    }
}
