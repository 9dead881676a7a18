/// One statement of portable SQL. An interpolation binds a value; it never splices text.
///
/// Text differs between backends only where `\(sqlite:postgres:)` says so, and both pieces are literals.
public struct SQL: ExpressibleByStringInterpolation, Sendable, Hashable {
    /// The two dialects, told apart only when a statement is rendered.
    public enum Dialect: Sendable { case sqlite, postgres }

    enum Part: Sendable, Hashable {
        case raw(String)
        case bind(SQLValue)
        case split(sqlite: String, postgres: String)
    }

    var parts: [Part]
    /// How many rows it must change for its transaction to hold; `nil` when any number will do.
    public private(set) var requiredChanges: Int?

    public init(stringLiteral text: String) { parts = [.raw(text)] }
    public init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

    /// The same statement, which undoes its whole transaction (`DatabaseError.conflict`) unless it changes `rows` rows.
    public func requiring(rows: Int) -> SQL {
        var copy = self
        copy.requiredChanges = rows
        return copy
    }

    /// The text and values for a backend: `?` marks a value for SQLite, `$1` for PostgreSQL.
    public func rendered(for dialect: Dialect) -> (text: String, values: [SQLValue]) {
        var text = ""
        var values: [SQLValue] = []
        for part in parts {
            switch part {
            case .raw(let piece): text += piece
            case .split(let sqlite, let postgres): text += dialect == .sqlite ? sqlite : postgres
            case .bind(let value):
                values.append(value)
                text += dialect == .sqlite ? "?" : "$\(values.count)"
            }
        }
        return (text, values)
    }

    /// Collects the pieces of a literal.
    public struct StringInterpolation: StringInterpolationProtocol {
        var parts: [Part] = []
        public init(literalCapacity: Int, interpolationCount: Int) {}
        /// Takes a piece of the statement that the source spells out.
        public mutating func appendLiteral(_ text: String) { if !text.isEmpty { parts.append(.raw(text)) } }
        /// Binds a value.
        public mutating func appendInterpolation(_ value: some SQLBindable) {
            parts.append(.bind(value.sqlValue.portable))
        }
        /// Binds a value or `NULL`.
        public mutating func appendInterpolation(_ value: (some SQLBindable)?) {
            parts.append(.bind(value?.sqlValue.portable ?? .null))
        }
        /// Binds each value, with commas between, for `IN (…)`; an empty list becomes `NULL`, which no row equals (and
        /// with `NOT IN` none either).
        public mutating func appendInterpolation(list values: [some SQLBindable]) {
            if values.isEmpty { return parts.append(.raw("NULL")) }
            for (index, value) in values.enumerated() {
                if index > 0 { parts.append(.raw(", ")) }
                parts.append(.bind(value.sqlValue.portable))
            }
        }
        /// A piece of text that differs between the backends.
        public mutating func appendInterpolation(sqlite: StaticString, postgres: StaticString) {
            parts.append(.split(sqlite: "\(sqlite)", postgres: "\(postgres)"))
        }
        /// The name of a table or column, checked to be a plain lower-case word.
        public mutating func appendInterpolation(name: SQLName) { parts.append(.raw(name.text)) }
        /// Another statement as a part of this one.
        public mutating func appendInterpolation(_ part: SQL) { parts += part.parts }
        /// A column type whose name is not the same everywhere.
        public mutating func appendInterpolation(type: ColumnType) {
            switch type {
            case .bytes: parts.append(.split(sqlite: "BLOB", postgres: "BYTEA"))
            case .rowID: parts.append(.split(sqlite: "INTEGER", postgres: "BIGINT"))
            }
        }
    }

    /// A column type whose name is not the same everywhere.
    public enum ColumnType: Sendable {
        case bytes
        /// A 64-bit number that is the table's whole primary key. SQLite then needs no second tree for the key.
        case rowID
    }
}

/// The name of a table or column of ours: lower-case letters, digits and underscores.
public struct SQLName: Sendable, Hashable, ExpressibleByStringLiteral {
    public let text: String
    public init(stringLiteral text: StaticString) {
        let string = "\(text)"
        precondition(
            !string.isEmpty && string.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") },
            "a table or column name is lower-case letters, digits and underscores")
        self.text = string
    }
}
