/// The store: every backend gives these three methods, and every one is durable when it returns.
///
/// Statements run in the order in which their calls began, as far as one caller can tell: a call that returned is seen
/// by every later one. A backend may join the work of several callers in one commit; a failure stays with its caller.
/// - Throws: `DatabaseError`. A cancelled task may throw `CancellationError`, and then the work may have been done.
public protocol Database: Sendable {
    /// Runs one statement.
    /// - Returns: how many rows it changed.
    @discardableResult func run(_ statement: SQL) async throws -> Int
    /// Runs a query; one that also writes (`RETURNING`) is committed when this returns.
    func rows(_ query: SQL) async throws -> [Row]
    /// Runs all statements or none.
    /// - Returns: how many rows each of them changed.
    @discardableResult func transaction(_ statements: [SQL]) async throws -> [Int]
}

/// What can go wrong in a store, in words that hold no data.
public enum DatabaseError: ClassifiedError, Equatable {
    /// The schema refused the values (`NOT NULL`, `CHECK`, `UNIQUE`, foreign key).
    case constraint(String)
    /// A statement that required a number of changes made another; its transaction was undone.
    case conflict
    /// Somebody else holds the database, for longer than we wait.
    case busy
    /// The disk, or a quota, is full.
    case full
    /// The files may not be written.
    case readOnly
    /// The server or the file cannot be reached.
    case unreachable(String)
    /// The file is damaged.
    case corrupt
    /// The statement or its result is not what the code expects.
    case unexpected(String)

    public var failureClass: FailureClass {
        switch self {
        case .busy, .full, .readOnly, .unreachable: .outage
        case .corrupt: .misconfiguration
        case .constraint, .conflict, .unexpected: .defect
        }
    }

    public var errorCode: ErrorCode {
        switch self {
        case .busy, .full, .readOnly, .unreachable, .corrupt: .database
        case .conflict: .conflict
        case .constraint, .unexpected: .internalError
        }
    }

    public var description: String {
        switch self {
        case .constraint(let rule): "database: the schema refused a row (\(rule))"
        case .conflict: "database: a row was changed by somebody else first"
        case .busy: "database: locked by another process; end it or wait"
        case .full: "database: the disk is full; free some space"
        case .readOnly: "database: the files may not be written; check owner and permissions of MARTLET_HOME"
        case .unreachable(let what): "database: not reachable (\(what))"
        case .corrupt: "database: the file is damaged; restore a backup"
        case .unexpected(let what): "database: \(what)"
        }
    }
}
