public import BotKit
import Foundation

/// What every store must do. A backend runs all `cases` unchanged, each on an empty store of its own:
/// `@Test(arguments: StoreContract.cases) func keeps(_ rule: StoreContractCase) async throws { … }`.
public enum StoreContract {
    public static let cases: [StoreContractCase] = values + statements + transactions + schema + endurance
}

/// A store under test.
public struct StoreUnderTest: Sendable {
    public let database: any Database
    /// Closes the store and opens what it left behind.
    public let reopen: @Sendable () async throws -> any Database

    public init(_ database: any Database, reopen: @escaping @Sendable () async throws -> any Database) {
        self.database = database
        self.reopen = reopen
    }
}

/// One rule of the contract, by a name that reads as a sentence.
public struct StoreContractCase: Sendable, CustomStringConvertible {
    public let name: String
    /// - Throws: `ContractViolation` when the store breaks the rule, or the store's own error.
    public let check: @Sendable (StoreUnderTest) async throws -> Void
    public var description: String { name }

    init(_ name: String, _ check: @escaping @Sendable (any Database) async throws -> Void) {
        self.name = name
        self.check = { try await check($0.database) }
    }

    init(reopening name: String, _ check: @escaping @Sendable (StoreUnderTest) async throws -> Void) {
        self.name = name
        self.check = check
    }
}

/// A rule that was broken, and how.
public struct ContractViolation: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}

extension StoreContract {
    static func require(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws {
        guard condition else { throw ContractViolation(otherwise()) }
    }

    static func expect<Value: Equatable & Sendable>(_ actual: Value, _ expected: Value, _ what: String) throws {
        guard actual == expected else { throw ContractViolation("\(what): expected \(expected), got \(actual)") }
    }

    /// Runs `work`, which must fail with a `DatabaseError` of the expected sort.
    static func expectFailure(
        _ what: String, like isExpected: (DatabaseError) -> Bool, _ work: () async throws -> Void
    ) async throws {
        do {
            try await work()
        } catch let error as DatabaseError {
            return try require(isExpected(error), "\(what): failed as \(error)")
        } catch {
            throw ContractViolation("\(what): threw a \(type(of: error)), not a DatabaseError")
        }
        throw ContractViolation("\(what): should have failed and did not")
    }

    static func isConstraint(_ error: DatabaseError) -> Bool {
        if case .constraint = error { true } else { false }
    }

    static func isUnexpected(_ error: DatabaseError) -> Bool {
        if case .unexpected = error { true } else { false }
    }

    /// A table of accounts, whose balance may not be negative, and one of entries that belong to them.
    static func makeTables(_ database: any Database) async throws {
        try await database.transaction([
            """
            CREATE TABLE account (
                id \(type: .rowID) PRIMARY KEY, name TEXT NOT NULL UNIQUE, balance BIGINT NOT NULL CHECK (balance >= 0)
            )
            """,
            """
            CREATE TABLE entry (
                id \(type: .rowID) PRIMARY KEY,
                account BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                note TEXT
            )
            """,
            "CREATE INDEX entry_by_account ON entry (account, id)",
        ])
    }

    static func addAccount(_ id: Int64, balance: Int64 = 0) -> SQL {
        "INSERT INTO account (id, name, balance) VALUES (\(id), \("account \(id)"), \(balance))"
    }

    static func count(_ table: SQLName, in database: any Database) async throws -> Int64 {
        let rows = try await database.rows("SELECT COUNT(*) AS n FROM \(name: table)")
        try expect(rows.count, 1, "rows of a count")
        return try rows[0].int("n")
    }
}
