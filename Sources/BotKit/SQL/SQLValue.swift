public import Foundation

/// A value that every backend can store.
public enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob(Data)
}

extension SQLValue {
    /// The value as every backend can store it: PostgreSQL takes no NUL in a text, and SQLite no NaN. Members choose
    /// texts, so they are mended, not refused: U+FFFD stands for NUL, `NULL` for NaN.
    var portable: SQLValue {
        switch self {
        case .text(let text) where text.utf8.contains(0):
            .text(String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 })))
        case .real(let number) where number.isNaN: .null
        default: self
        }
    }
}

/// Something that can be bound in a statement.
public protocol SQLBindable: Sendable {
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLBindable { public var sqlValue: SQLValue { self } }
extension String: SQLBindable { public var sqlValue: SQLValue { .text(self) } }
extension Substring: SQLBindable { public var sqlValue: SQLValue { .text(String(self)) } }
extension Int: SQLBindable { public var sqlValue: SQLValue { .integer(Int64(self)) } }
extension Int64: SQLBindable { public var sqlValue: SQLValue { .integer(self) } }
extension Double: SQLBindable { public var sqlValue: SQLValue { .real(self) } }
extension Bool: SQLBindable { public var sqlValue: SQLValue { .integer(self ? 1 : 0) } }
extension Data: SQLBindable { public var sqlValue: SQLValue { .blob(self) } }
/// Times are stored as whole milliseconds since 1970, UTC.
extension Date: SQLBindable { public var sqlValue: SQLValue { .integer(milliseconds) } }

extension Date {
    /// Whole milliseconds since 1970, rounded to the nearest; what fits for a time that is beyond all sense.
    public var milliseconds: Int64 {
        let exact = (timeIntervalSince1970 * 1000).rounded()
        return Int64(exactly: exact) ?? (exact < 0 ? .min : .max)
    }
    /// The time `milliseconds` after the start of 1970.
    public init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
    /// The time `duration` later.
    public func adding(_ duration: Duration) -> Date { addingTimeInterval(duration.seconds) }
}

extension Duration {
    /// The span in seconds.
    public var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
