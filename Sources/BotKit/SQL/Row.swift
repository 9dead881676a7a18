public import Foundation

/// One row of an answer. A backend may give values typed or as text; the accessors read either.
public struct Row: Sendable {
    private let columns: [String]
    private let values: [SQLValue]

    public init(columns: [String], values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    /// The names of all columns, in their order.
    public var names: [String] { columns }

    /// The value of `column`.
    /// - Throws: `DatabaseError.unexpected` when the query has no such column.
    public func value(_ column: String) throws -> SQLValue {
        guard let index = columns.firstIndex(of: column) else { throw DatabaseError.unexpected("no column \(column)") }
        return values[index]
    }

    /// The text in `column`, or `nil` for `NULL`; an integer is written out.
    public func optionalText(_ column: String) throws -> String? {
        switch try value(column) {
        case .text(let text): text
        case .null: nil
        case .integer(let number): String(number)
        default: throw DatabaseError.unexpected("column \(column) is no text")
        }
    }

    /// The whole number in `column`, or `nil` for `NULL`.
    public func optionalInt(_ column: String) throws -> Int64? {
        switch try value(column) {
        case .integer(let number): return number
        case .null: return nil
        case .real(let real):
            guard let number = Int64(exactly: real) else {
                throw DatabaseError.unexpected("column \(column) is no integer")
            }
            return number
        case .text(let text):
            guard let number = Int64(text) else { throw DatabaseError.unexpected("column \(column) is no integer") }
            return number
        case .blob: throw DatabaseError.unexpected("column \(column) is no integer")
        }
    }

    /// The text in `column`; `NULL` is an error, as in all accessors that give no optional.
    public func text(_ column: String) throws -> String { try present(optionalText(column), column) }
    /// The whole number in `column`.
    public func int(_ column: String) throws -> Int64 { try present(optionalInt(column), column) }
    /// Whether the number in `column` is not 0.
    public func bool(_ column: String) throws -> Bool { try int(column) != 0 }
    /// The time in `column`, stored as milliseconds since 1970.
    public func date(_ column: String) throws -> Date { Date(milliseconds: try int(column)) }
    /// The time in `column`, or `nil` for `NULL`.
    public func optionalDate(_ column: String) throws -> Date? {
        try optionalInt(column).map { Date(milliseconds: $0) }
    }
    /// The number in `column`.
    public func double(_ column: String) throws -> Double {
        switch try value(column) {
        case .real(let number): return number
        case .integer(let number): return Double(number)
        case .text(let text):
            guard let number = Double(text) else { throw DatabaseError.unexpected("column \(column) is no number") }
            return number
        case .null: return try present(nil, column)
        case .blob: throw DatabaseError.unexpected("column \(column) is no number")
        }
    }
    /// Bytes, never text.
    public func data(_ column: String) throws -> Data {
        guard case .blob(let data) = try value(column) else {
            throw DatabaseError.unexpected("column \(column) holds no bytes")
        }
        return data
    }

    /// An identifier stored as text.
    public func id<ID: Identifier>(_ column: String, as type: ID.Type = ID.self) throws -> ID {
        ID(rawValue: try text(column))
    }

    private func present<Value>(_ value: Value?, _ column: String) throws -> Value {
        guard let value else { throw DatabaseError.unexpected("column \(column) is null") }
        return value
    }
}
