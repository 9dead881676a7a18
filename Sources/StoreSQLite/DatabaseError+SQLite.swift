import BotKit
import GRDB
import GRDBSQLite

extension BotKit.DatabaseError {
    /// The meaning of an extended result code (sqlite.org, "Result and Error Codes"). It never quotes SQLite's message
    /// about a running statement, for that may hold data.
    init(sqlite code: CInt) {
        if code == SQLITE_IOERR | (19 << 8) { // SQLITE_IOERR_SHMSIZE: no room for the index of the write-ahead log
            self = .full
            return
        }
        switch code & 0xFF {
        case SQLITE_FULL: self = .full
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: self = .busy
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: self = .readOnly
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt
        case SQLITE_CONSTRAINT: self = .constraint(Self.rule(code))
        case SQLITE_IOERR: self = .unreachable("input/output error \(code)")
        default: self = .unexpected("SQLite error \(code), \(String(cString: sqlite3_errstr(code)))")
        }
    }

    /// An error of GRDB, by its code.
    init(_ error: any Error) {
        switch error {
        case let error as GRDB.DatabaseError: self.init(sqlite: error.extendedResultCode.rawValue)
        case let error as BotKit.DatabaseError: self = error
        default: self = .unexpected("\(type(of: error))")
        }
    }

    /// An error from preparing a statement: its message quotes only the statement's text, which is ours and holds no
    /// values.
    init(preparing error: any Error) {
        if let error = error as? GRDB.DatabaseError, [.SQLITE_ERROR, .SQLITE_MISUSE].contains(error.resultCode) {
            self = .unexpected(error.message ?? "a statement cannot be prepared")
        } else {
            self.init(error)
        }
    }

    /// The kind of rule that was broken, in the words of portable SQL.
    private static func rule(_ code: CInt) -> String {
        switch code >> 8 {
        case 1: "CHECK"
        case 3: "foreign key"
        case 5: "NOT NULL"
        case 6, 8, 10: "UNIQUE"
        default: "rule \(code)"
        }
    }
}
