public import Foundation

/// The `Retry-After` header (RFC 9110, section 10.2.3): seconds, or a date.
public enum RetryAfter: Sendable, Equatable {
    /// Wait this many seconds.
    case seconds(Int)
    /// Wait until then.
    case date(Date)

    /// The longest wait that is believed: one day.
    public static let longest = Duration.seconds(86_400)

    /// Reads the header's value; `nil` if it is neither form.
    public init?(_ value: String) {
        let value = value.trimmingCharacters(in: .whitespaces)
        if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            self = .seconds(Int(value) ?? 86_400)
        } else if let date = Self.date(value) {
            self = .date(date)
        } else {
            return nil
        }
    }

    /// How long to wait from `now`, between zero and one day.
    public func delay(from now: Date) -> Duration {
        let seconds: Double =
            switch self {
            case .seconds(let seconds): Double(min(seconds, 86_400))
            case .date(let date): min(max(date.timeIntervalSince(now), 0), 86_400)
            }
        return .milliseconds(Int(seconds * 1000))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`; the two obsolete forms are not sent by anyone we talk to.
    private static func date(_ text: String) -> Date? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, (1...31).contains(day), (1970...9999).contains(year), (0...23).contains(time[0]),
            (0...59).contains(time[1]), (0...60).contains(time[2])
        else { return nil }
        let components = DateComponents(
            year: year, month: month + 1, day: day, hour: time[0], minute: time[1], second: time[2])
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.date(from: components)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
