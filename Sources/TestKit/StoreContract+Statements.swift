import BotKit
import Foundation

extension StoreContract {
    static let statements: [StoreContractCase] = [
        StoreContractCase("says how many rows a statement changed") { database in
            try await makeTables(database)
            try expect(try await database.run("SELECT 1 AS one"), 0, "changes of a query")
            try expect(try await database.run(addAccount(1)), 1, "changes of an insert")
            try expect(try await database.run("INSERT INTO entry (id, account) VALUES (1, 1), (2, 1)"), 2, "two rows")
            try expect(try await database.run("UPDATE entry SET note = 'x' WHERE id = 99"), 0, "changes of no row")
            try expect(try await database.run("CREATE TABLE other (id BIGINT)"), 0, "changes of a definition")
            try expect(try await database.run("DELETE FROM account WHERE id = 1"), 1, "changes without the cascade")
            try expect(try await count("entry", in: database), 0, "rows left by the cascade")
        },
        StoreContractCase("answers a query without rows with none") { database in
            try await makeTables(database)
            try expect(try await database.rows("SELECT id FROM account").count, 0, "rows")
        },
        StoreContractCase("names columns as the query does") { database in
            try await makeTables(database)
            try await database.run(addAccount(7, balance: 3))
            guard let row = try await database.rows("SELECT a.balance AS coins, a.id FROM account AS a").first else {
                throw ContractViolation("no row")
            }
            try expect([try row.int("coins"), try row.int("id")], [3, 7], "values")
            try await expectFailure("a column that is not there", like: isUnexpected) { _ = try row.value("balance") }
        },
        StoreContractCase("binds lists, an empty one too") { database in
            try await makeTables(database)
            try await database.transaction([addAccount(1), addAccount(2), addAccount(3)])
            func ids(_ query: SQL) async throws -> [Int64] { try await database.rows(query).map { try $0.int("id") } }
            try expect(
                try await ids("SELECT id FROM account WHERE id IN (\(list: [1, 3, 9])) ORDER BY id"), [1, 3], "ids")
            let none: [Int64] = []
            try expect(try await ids("SELECT id FROM account WHERE id IN (\(list: none))"), [], "ids of no list")
            let many = Array(Int64(1)...1000)
            try expect(
                try await ids("SELECT id FROM account WHERE id IN (\(list: many)) ORDER BY id"), [1, 2, 3], "ids")
        },
        StoreContractCase("joins a statement into another") { database in
            try await makeTables(database)
            try await database.transaction([addAccount(1, balance: 5), addAccount(2, balance: 50)])
            let condition: SQL = "balance > \(10)"
            let rows = try await database.rows("SELECT id FROM account WHERE \(condition) AND id < \(100)")
            try expect(try rows.map { try $0.int("id") }, [2], "ids")
        },
        StoreContractCase("gives the rows that a write returns, and has committed them") { database in
            try await makeTables(database)
            let made = try await database.rows(
                """
                INSERT INTO account (id, name, balance) VALUES (1, 'a', 4), (2, 'b', 5)
                RETURNING id, balance + 1 AS more
                """
            )
            try expect(try made.map { try $0.int("more") }.sorted(), [5, 6], "returned values")
            let changed = try await database.rows("UPDATE account SET balance = 0 WHERE id = 2 RETURNING name")
            try expect(try changed.map { try $0.text("name") }, ["b"], "returned names")
            let gone = try await database.rows("DELETE FROM account RETURNING id")
            try expect(gone.count, 2, "returned rows")
            try expect(try await count("account", in: database), 0, "rows left")
        },
        StoreContractCase("inserts or updates, and inserts or leaves") { database in
            try await makeTables(database)
            for amount: Int64 in [5, 6] {
                try await database.run(
                    """
                    INSERT INTO account (id, name, balance) VALUES (1, 'dana', \(amount))
                    ON CONFLICT (id) DO UPDATE SET balance = account.balance + excluded.balance
                    """)
            }
            let left = try await database.run(
                "INSERT INTO account (id, name, balance) VALUES (1, 'omer', 0) ON CONFLICT DO NOTHING")
            try expect(left, 0, "changes of an insert that was left")
            let rows = try await database.rows("SELECT name, balance FROM account")
            try expect(try rows.map { try $0.int("balance") }, [11], "balances")
            try expect(try rows.map { try $0.text("name") }, ["dana"], "names")
        },
        StoreContractCase("knows common table expressions, for reading and for writing") { database in
            try await makeTables(database)
            let written = try await database.run(
                """
                WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 10)
                INSERT INTO account (id, name, balance) SELECT n, 'account ' || n, n * 10 FROM number
                """)
            try expect(written, 10, "rows written")
            let rich = try await database.rows(
                """
                WITH rich AS (SELECT id, balance FROM account WHERE balance >= \(90))
                SELECT COUNT(*) AS n, MAX(balance) AS most FROM rich
                """)
            try expect(try rich.map { [try $0.int("n"), try $0.int("most")] }, [[2, 100]], "counts")
        },
        StoreContractCase("sees in each call what earlier calls did") { database in
            try await makeTables(database)
            try await database.run(addAccount(1))
            for expected in Int64(1)...50 {
                try await database.run("UPDATE account SET balance = balance + 1 WHERE id = 1")
                let rows = try await database.rows("SELECT balance FROM account WHERE id = 1")
                try expect(try rows.map { try $0.int("balance") }, [expected], "the balance")
            }
        },
        StoreContractCase("says that a statement is wrong, and goes on") { database in
            try await makeTables(database)
            for wrong: SQL in ["SELEKT 1", "SELECT id FROM nowhere", "SELECT nothing FROM account", ""] {
                try await expectFailure("a wrong statement", like: isUnexpected) { try await database.run(wrong) }
                try await expectFailure("a wrong query", like: isUnexpected) { _ = try await database.rows(wrong) }
            }
            try await expectFailure("two statements in one", like: isUnexpected) {
                try await database.run("DELETE FROM account; DELETE FROM entry")
            }
            try await database.run(addAccount(1))
        },
        StoreContractCase("leaves transactions to itself") { database in
            try await makeTables(database)
            for verb: SQL in ["BEGIN", "COMMIT", " rollback", "SAVEPOINT a", "release a", "END"] {
                try await expectFailure("a statement for transactions", like: isUnexpected) {
                    try await database.run(verb)
                }
                try await expectFailure("the same in a transaction", like: isUnexpected) {
                    try await database.transaction([addAccount(1), verb])
                }
            }
            try expect(try await count("account", in: database), 0, "rows")
        },
    ]
}
