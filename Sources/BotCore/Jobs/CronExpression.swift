import Foundation

/// Times by the calendar, in UTC: minute, hour, day of month, month, day of week, each `*`, numbers, ranges, lists
/// and steps, as in POSIX crontab. When both days are given, either is enough.
struct CronExpression: Sendable, Hashable {
    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    private let anyDay: Bool
    private let anyWeekday: Bool

    /// - Returns: `nil` when the text is no expression.
    init?(_ text: String) {
        let fields = text.split(whereSeparator: \.isWhitespace)
        guard fields.count == 5,
            let minutes = Self.values(fields[0], in: 0...59), let hours = Self.values(fields[1], in: 0...23),
            let days = Self.values(fields[2], in: 1...31), let months = Self.values(fields[3], in: 1...12),
            let weekdays = Self.values(fields[4], in: 0...7)
        else { return nil }
        self.minutes = minutes
        self.hours = hours
        self.days = days
        self.months = months
        self.weekdays = Set(weekdays.map { $0 % 7 })
        anyDay = fields[2] == "*"
        anyWeekday = fields[4] == "*"
    }

    private static func values(_ field: Substring, in range: ClosedRange<Int>) -> Set<Int>? {
        var values: Set<Int> = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard pieces.count <= 2, let base = pieces.first else { return nil }
            let step = pieces.count == 2 ? Int(pieces[1]) : 1
            guard let step, step > 0 else { return nil }
            let bounds = base.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            let span: ClosedRange<Int>
            switch bounds.count {
            case _ where base == "*": span = range
            case 1:
                guard let only = bounds[0] else { return nil }
                span = only...(pieces.count == 2 ? max(only, range.upperBound) : only)
            case 2:
                guard let low = bounds[0], let high = bounds[1], low <= high else { return nil }
                span = low...high
            default: return nil
            }
            guard range.contains(span.lowerBound), range.contains(span.upperBound) else { return nil }
            values.formUnion(stride(from: span.lowerBound, through: span.upperBound, by: step))
        }
        return values.isEmpty ? nil : values
    }

    /// The first time after `date`; `nil` when there is none within five years, such as for 30 February.
    func next(after date: Date) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        guard let start = calendar.dateInterval(of: .minute, for: date)?.end else { return nil }
        var day = calendar.startOfDay(for: start)
        for _ in 0..<(366 * 5) {
            if matches(day, in: calendar), let time = firstTime(on: day, notBefore: start) { return time }
            guard let following = calendar.date(byAdding: .day, value: 1, to: day) else { return nil }
            day = following
        }
        return nil
    }

    private func matches(_ day: Date, in calendar: Calendar) -> Bool {
        let parts = calendar.dateComponents([.month, .day, .weekday], from: day)
        guard let month = parts.month, let number = parts.day, let weekday = parts.weekday, months.contains(month)
        else { return false }
        let isDay = days.contains(number)
        let isWeekday = weekdays.contains(weekday - 1)
        return anyDay ? isWeekday : anyWeekday ? isDay : isDay || isWeekday
    }

    private func firstTime(on day: Date, notBefore start: Date) -> Date? {
        for hour in hours.sorted() {
            for minute in minutes.sorted() {
                let time = day.addingTimeInterval(Double(hour * 3600 + minute * 60))
                if time >= start { return time }
            }
        }
        return nil
    }
}
