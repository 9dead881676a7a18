import BotKit
import Foundation
import GRDB
import GRDBSQLite

/// What a statement did.
struct StatementResult: Sendable {
    var changes = 0
    var rows: [BotKit.Row] = []
}

extension GRDB.Database {
    /// Runs one statement to its end, on SQLite's own interface: GRDB's argument and row types cost more than the
    /// statement itself.
    func run(_ statement: RenderedStatement, keepsRows: Bool) throws(BotKit.DatabaseError) -> StatementResult {
        let prepared = try prepare(statement)
        let handle = prepared.sqliteStatement
        guard Int(sqlite3_bind_parameter_count(handle)) == statement.values.count else {
            throw .unexpected("a statement has another number of places than values")
        }
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        for (index, value) in statement.values.enumerated() {
            try check(value.bind(to: handle, at: CInt(index + 1)))
        }

        var result = StatementResult()
        let changesBefore = sqlite3_total_changes(sqliteConnection)
        var columns: [String] = []
        loop: while true {
            switch sqlite3_step(handle) {
            case SQLITE_DONE: break loop
            case SQLITE_ROW:
                guard keepsRows else { continue }
                if columns.isEmpty { columns = Self.columnNames(of: handle) }
                result.rows.append(
                    Row(columns: columns, values: columns.indices.map { SQLValue(handle, column: CInt($0)) }))
            case let code: throw BotKit.DatabaseError(sqlite: code)
            }
        }
        // The count of the last change stays when a statement changes nothing, so it counts only after a change.
        if sqlite3_total_changes(sqliteConnection) != changesBefore {
            result.changes = Int(sqlite3_changes(sqliteConnection))
        }
        if let required = statement.requiredChanges, required != result.changes { throw .conflict }
        return result
    }

    /// Runs one of the store's own words, such as `COMMIT`, through GRDB, which follows transactions.
    func control(_ text: String) throws(BotKit.DatabaseError) {
        do { try cachedStatement(sql: text).execute() } catch { throw BotKit.DatabaseError(error) }
    }

    private func prepare(_ statement: RenderedStatement) throws(BotKit.DatabaseError) -> Statement {
        do {
            return try statement.isReused ? cachedStatement(sql: statement.text) : makeStatement(sql: statement.text)
        } catch {
            throw BotKit.DatabaseError(preparing: error)
        }
    }

    private func check(_ code: CInt) throws(BotKit.DatabaseError) {
        guard code == SQLITE_OK else { throw BotKit.DatabaseError(sqlite: code) }
    }

    private static func columnNames(of handle: OpaquePointer) -> [String] {
        (0..<sqlite3_column_count(handle)).map { index in
            sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
        }
    }
}

extension SQLValue {
    /// SQLite copies what it is given.
    private static var copied: sqlite3_destructor_type {
        unsafeBitCast(OpaquePointer(bitPattern: -1), to: sqlite3_destructor_type.self)
    }

    fileprivate func bind(to handle: OpaquePointer, at index: CInt) -> CInt {
        switch self {
        case .null: return sqlite3_bind_null(handle, index)
        case .integer(let number): return sqlite3_bind_int64(handle, index, number)
        case .real(let number): return sqlite3_bind_double(handle, index, number)
        case .text(var text):
            return text.withUTF8 { bytes in
                guard bytes.count > 0, let start = bytes.baseAddress else {
                    return sqlite3_bind_text(handle, index, "", 0, Self.copied)
                }
                return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                    sqlite3_bind_text64(handle, index, $0, UInt64(bytes.count), Self.copied, UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let data):
            return data.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress, bytes.count > 0 else {
                    return sqlite3_bind_zeroblob(handle, index, 0)
                }
                return sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), Self.copied)
            }
        }
    }

    fileprivate init(_ handle: OpaquePointer, column: CInt) {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: self = .integer(sqlite3_column_int64(handle, column))
        case SQLITE_FLOAT: self = .real(sqlite3_column_double(handle, column))
        case SQLITE_TEXT:
            let start = sqlite3_column_text(handle, column)
            let count = Int(sqlite3_column_bytes(handle, column))
            self = .text(
                String(decoding: UnsafeBufferPointer(start: start, count: start == nil ? 0 : count), as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(handle, column)
            let count = Int(sqlite3_column_bytes(handle, column))
            self = .blob(start.map { Data(bytes: $0, count: count) } ?? Data())
        default: self = .null
        }
    }
}
