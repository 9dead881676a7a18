public import Foundation

/// Dates as HTTP writes them, such as `Sun, 06 Nov 1994 08:49:37 GMT`. Source: RFC 9110, section 5.6.7.
public enum HTTPDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// Reads a date; `nil` when the text is none, or in one of the two obsolete forms.
    public static func parse(_ text: String) -> Date? {
        let parts = text.prefix(64).split(whereSeparator: { " ,:-".contains($0) })
        guard parts.count == 8, let day = Int(parts[1]), let month = months.firstIndex(of: parts[2].lowercased()),
            let year = Int(parts[3]), let hour = Int(parts[4]), let minute = Int(parts[5]), let second = Int(parts[6]),
            (1...31).contains(day), (1970...9999).contains(year), (0..<24).contains(hour), (0..<60).contains(minute),
            (0...60).contains(second), parts[7] == "GMT"
        else { return nil }
        return Date(
            timeIntervalSince1970: Double(
                daysSince1970(year, month + 1, day) * 86_400 + hour * 3600 + minute * 60 + second))
    }

    /// Days of the Gregorian calendar, counted from a March so that the leap day is the last of its year.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
