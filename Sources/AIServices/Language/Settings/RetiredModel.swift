public import Foundation

/// Models of OpenAI that are switched off, with what takes their place.
///
/// Source: OpenAI, "Deprecations" page, as of 2026-11-21.
public struct RetiredModel: Sendable {
    let name: String
    /// The first day without it, UTC, such as `2026-10-23`.
    public let day: String
    /// The model that takes its place.
    public let successor: String

    static let all: [RetiredModel] = [
        RetiredModel(name: "gpt-3.5-turbo", day: "2026-10-23", successor: "gpt-5.4-mini"),
        RetiredModel(name: "gpt-3.5-turbo-16k", day: "2026-10-23", successor: "gpt-5.4-mini"),
        RetiredModel(name: "gpt-4", day: "2026-10-23", successor: "gpt-5.4"),
        RetiredModel(name: "gpt-4-32k", day: "2026-10-23", successor: "gpt-5.4"),
        RetiredModel(name: "gpt-4-turbo", day: "2026-10-23", successor: "gpt-5.4"),
        RetiredModel(name: "gpt-4-turbo-preview", day: "2026-10-23", successor: "gpt-5.4"),
        RetiredModel(name: "gpt-4o", day: "2027-01-14", successor: "gpt-5.4"),
        RetiredModel(name: "gpt-4o-mini", day: "2027-01-14", successor: "gpt-5.4-mini"),
        RetiredModel(name: "gpt-4.1", day: "2027-01-14", successor: "gpt-5.4"),
    ]

    /// The entry for a model, or for one of its dated versions such as `gpt-4-0613`.
    public static func named(_ model: String) -> RetiredModel? {
        let model = model.lowercased()
        return all.first { entry in
            guard model.hasPrefix(entry.name) else { return false }
            let rest = model.dropFirst(entry.name.count)
            return rest.isEmpty || (rest.first == "-" && rest.dropFirst().first?.isNumber == true)
        }
    }

    /// Whether it is switched off by then.
    public func isOff(at time: Date) -> Bool {
        guard let day = try? Date(day, strategy: .iso8601.year().month().day()) else { return false }
        return time >= day
    }
}
