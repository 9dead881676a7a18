import BotKit
import Foundation

extension StoreContract {
    static let transactions: [StoreContractCase] = [
        StoreContractCase("runs all statements of a transaction and counts each") { database in
            try await makeTables(database)
            let changes = try await database.transaction([
                addAccount(1), addAccount(2), "UPDATE account SET balance = 1", "DELETE FROM account WHERE id = 2",
            ])
            try expect(changes, [1, 1, 2, 1], "changes")
            try expect(try await database.transaction([]), [], "changes of no statement")
        },
        StoreContractCase("undoes a whole transaction when one statement fails") { database in
            try await makeTables(database)
            try await expectFailure("a negative balance", like: isConstraint) {
                try await database.transaction([addAccount(1), addAccount(2), addAccount(3, balance: -1)])
            }
            try await expectFailure("a wrong statement", like: isUnexpected) {
                try await database.transaction([addAccount(1), "INSERT INTO nowhere VALUES (1)"])
            }
            try expect(try await count("account", in: database), 0, "rows")
        },
        StoreContractCase("undoes a transaction whose statement changes another number of rows than required") {
            database in
            try await makeTables(database)
            let claim: SQL = "UPDATE account SET balance = 1 WHERE id = 1 AND balance = 0"
            try await database.run(addAccount(1))
            try await database.transaction([claim.requiring(rows: 1), addAccount(2)])
            try await expectFailure("a second claim", like: { $0 == .conflict }) {
                try await database.transaction([addAccount(3), claim.requiring(rows: 1), addAccount(4)])
            }
            try await expectFailure("more rows than required", like: { $0 == .conflict }) {
                try await database.run(("UPDATE account SET balance = 9" as SQL).requiring(rows: 1))
            }
            try await expectFailure("the same with rows", like: { $0 == .conflict }) {
                _ = try await database.rows(
                    ("UPDATE account SET balance = 9 RETURNING id" as SQL).requiring(rows: 1))
            }
            let rows = try await database.rows("SELECT balance FROM account ORDER BY id")
            try expect(try rows.map { try $0.int("balance") }, [1, 0], "balances")
        },
        StoreContractCase("lets one of many claims win") { database in
            try await makeTables(database)
            try await database.run(addAccount(1))
            let claim: SQL = "UPDATE account SET balance = 1 WHERE id = 1 AND balance = 0"
            let winners = await withTaskGroup(of: Bool.self) { group in
                for _ in 1...50 {
                    group.addTask {
                        do { return try await database.run(claim.requiring(rows: 1)) == 1 } catch { return false }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try expect(winners, 1, "winners")
        },
        StoreContractCase("keeps 200 concurrent transactions whole and apart") { database in
            try await makeTables(database)
            try await database.run(addAccount(1, balance: 0))
            let outcomes = try await withThrowingTaskGroup(of: (Int64, Bool).self) { group in
                for number in Int64(1)...200 {
                    group.addTask { (number, try await deposit(number, failing: number % 5 == 0, in: database)) }
                }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for (number, succeeded) in outcomes { try expect(succeeded, number % 5 != 0, "transaction \(number)") }
            let entries = try await database.rows("SELECT note, COUNT(*) AS n FROM entry GROUP BY note")
            try expect(entries.count, 160, "transactions with entries")
            try require(try entries.allSatisfy { try $0.int("n") == 2 }, "a transaction was kept by half")
            let balances = try await database.rows("SELECT balance FROM account")
            try expect(try balances.map { try $0.int("balance") }, [160], "the balance")
        },
        StoreContractCase("keeps a failing statement away from its neighbours") { database in
            try await makeTables(database)
            let failures = await withTaskGroup(of: Bool.self) { group in
                for number in Int64(1)...100 {
                    let statement: SQL =
                        number % 2 == 0 ? addAccount(number) : addAccount(number, balance: -1)
                    group.addTask {
                        do { return try await database.run(statement) != 1 } catch { return true }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try expect(failures, 50, "failures")
            try expect(try await count("account", in: database), 50, "rows")
        },
        StoreContractCase("never shows half a transaction") { database in
            try await makeTables(database)
            try await database.transaction([addAccount(1, balance: 1000), addAccount(2)])
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for _ in 1...200 {
                        try await database.transaction([
                            "UPDATE account SET balance = balance - 1 WHERE id = 1",
                            "UPDATE account SET balance = balance + 1 WHERE id = 2",
                        ])
                    }
                }
                for _ in 1...2 {
                    group.addTask {
                        for _ in 1...100 {
                            let rows = try await database.rows("SELECT SUM(balance) AS total FROM account")
                            try expect(try rows.map { try $0.int("total") }, [1000], "the total")
                        }
                    }
                }
                try await group.waitForAll()
            }
        },
        StoreContractCase("stays usable when callers are cancelled") { database in
            try await makeTables(database)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in Int64(1)...100 {
                    group.addTask {
                        do {
                            try await database.transaction([
                                addAccount(number), "INSERT INTO entry (id, account) VALUES (\(number), \(number))",
                            ])
                            _ = try await database.rows("SELECT id FROM account WHERE id = \(number)")
                        } catch is CancellationError {
                            // The only failure that a caller who was cancelled may see.
                        }
                    }
                }
                group.cancelAll()
                try await group.waitForAll()
            }
            try expect(
                try await count("account", in: database), try await count("entry", in: database), "rows of both tables")
            try await database.run(addAccount(1000))
            try await database.transaction([addAccount(1001), addAccount(1002)])
        },
    ]

    /// Adds two entries and one to the balance, or fails on the way.
    private static func deposit(_ number: Int64, failing: Bool, in database: any Database) async throws -> Bool {
        let account: Int64 = failing ? 99 : 1
        do {
            try await database.transaction([
                "UPDATE account SET balance = balance + 1 WHERE id = 1",
                "INSERT INTO entry (id, account, note) VALUES (\(number * 2), 1, \("deposit \(number)"))",
                "INSERT INTO entry (id, account, note) VALUES (\(number * 2 + 1), \(account), \("deposit \(number)"))",
            ])
            return true
        } catch let error as DatabaseError {
            try require(isConstraint(error), "a missing account: failed as \(error)")
            return false
        }
    }
}
