public import Foundation

/// A time as text in ISO 8601 with milliseconds, UTC: `2026-03-02T09:05:07.042Z`. It is made without a formatter.
public struct Timestamp: Sendable, CustomStringConvertible {
    private let milliseconds: Int64

    public init(_ date: Date) {
        // The years 0 to 9999, which is what four digits can hold.
        let seconds = min(max(date.timeIntervalSince1970, -62_167_219_200), 253_402_300_799)
        milliseconds = Int64((seconds * 1000).rounded())
    }

    public var description: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the 24 ASCII characters.
    func write(to line: inout [UInt8]) {
        let (days, inDay) = milliseconds.flooredDivision(by: 86_400_000)
        let (year, month, day) = Self.civilDate(daysSince1970: days)
        func append(_ value: Int64, digits: Int64) {
            var divisor = digits
            while divisor > 0 {
                line.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
                divisor /= 10
            }
        }
        append(year, digits: 1000)
        line.append(UInt8(ascii: "-"))
        append(month, digits: 10)
        line.append(UInt8(ascii: "-"))
        append(day, digits: 10)
        line.append(UInt8(ascii: "T"))
        append(inDay / 3_600_000, digits: 10)
        line.append(UInt8(ascii: ":"))
        append(inDay / 60_000 % 60, digits: 10)
        line.append(UInt8(ascii: ":"))
        append(inDay / 1000 % 60, digits: 10)
        line.append(UInt8(ascii: "."))
        append(inDay % 1000, digits: 100)
        line.append(UInt8(ascii: "Z"))
    }

    /// The date in the proleptic Gregorian calendar, counted in eras of 400 years that begin on the first of March.
    private static func civilDate(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}

extension Int64 {
    /// Quotient and remainder with a remainder that is never negative.
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
