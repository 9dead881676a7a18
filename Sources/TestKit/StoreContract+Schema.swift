import BotKit
import Foundation

extension StoreContract {
    static let schema: [StoreContractCase] = [
        StoreContractCase("enforces NOT NULL, CHECK, UNIQUE and foreign keys, and names the rule without the value") {
            database in
            try await makeTables(database)
            try await database.run(addAccount(1))
            let secret = "private words"
            let broken: [(SQL, String)] = [
                ("INSERT INTO account (id, name, balance) VALUES (2, \(String?.none), 0)", "NOT NULL"),
                ("INSERT INTO account (id, name, balance) VALUES (2, \(secret), -5)", "CHECK"),
                ("INSERT INTO account (id, name, balance) VALUES (2, 'account 1', 0)", "UNIQUE"),
                ("INSERT INTO account (id, name, balance) VALUES (1, \(secret), 0)", "UNIQUE"),
                ("INSERT INTO entry (id, account, note) VALUES (1, 42, \(secret))", "foreign key"),
            ]
            for (statement, rule) in broken {
                try await expectFailure(rule, like: { $0 == .constraint(rule) }) { try await database.run(statement) }
            }
            try expect(try await count("account", in: database), 1, "rows")
        },
        StoreContractCase("checks deferred rules at the commit, and fails only the caller that broke one") { database in
            try await database.transaction([
                "CREATE TABLE parent (id BIGINT PRIMARY KEY)",
                """
                CREATE TABLE child (
                    id BIGINT PRIMARY KEY, parent BIGINT NOT NULL REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED
                )
                """,
            ])
            let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
                for number in 1...20 {
                    let child: SQL = "INSERT INTO child (id, parent) VALUES (\(number), \(number))"
                    let parent: SQL = "INSERT INTO parent (id) VALUES (\(number))"
                    group.addTask {
                        do {
                            try await database.transaction(number == 7 ? [child] : [child, parent])
                            return (number, true)
                        } catch {
                            return (number, (error as? DatabaseError) != .constraint("foreign key"))
                        }
                    }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for (number, succeeded) in outcomes { try expect(succeeded, number != 7, "transaction \(number)") }
            try expect(try await count("child", in: database), 19, "rows")
        },
        StoreContractCase("undoes the schema of a transaction that fails") { database in
            try await expectFailure("a wrong statement", like: isUnexpected) {
                try await database.transaction(["CREATE TABLE sample (id BIGINT)", "CREATE TABLE wrong ("])
            }
            try await expectFailure("a table that is not there", like: isUnexpected) {
                _ = try await database.rows("SELECT id FROM sample")
            }
        },
        StoreContractCase("sees a changed table in queries that ran before") { database in
            try await database.run("CREATE TABLE sample (id BIGINT PRIMARY KEY)")
            try await database.run("INSERT INTO sample (id) VALUES (1)")
            for _ in 1...8 { _ = try await database.rows("SELECT * FROM sample") }
            try await database.run("ALTER TABLE sample ADD COLUMN note TEXT NOT NULL DEFAULT 'new'")
            for _ in 1...8 {
                let rows = try await database.rows("SELECT * FROM sample")
                try expect(try rows.map { try $0.text("note") }, ["new"], "the new column")
            }
        },
        StoreContractCase("takes partial and unique indexes and ordered limits") { database in
            try await makeTables(database)
            try await database.run("CREATE UNIQUE INDEX one_poor ON account (balance) WHERE balance = 0")
            try await database.transaction([addAccount(1), addAccount(2, balance: 7), addAccount(3, balance: 7)])
            try await expectFailure("a second poor account", like: isConstraint) {
                try await database.run(addAccount(4))
            }
            let rows = try await database.rows("SELECT id FROM account ORDER BY balance DESC, id DESC LIMIT 1 OFFSET 1")
            try expect(try rows.map { try $0.int("id") }, [2], "ids")
        },
    ]

    static let endurance: [StoreContractCase] = [
        StoreContractCase("reads and writes ten thousand rows") { database in
            try await makeTables(database)
            try await database.run(addAccount(1))
            for start in stride(from: Int64(0), to: 10_000, by: 1000) {
                try await database.transaction(
                    (start..<start + 1000).map {
                        "INSERT INTO entry (id, account, note) VALUES (\($0), 1, \("n\($0)"))"
                    })
            }
            let rows = try await database.rows("SELECT id, note FROM entry ORDER BY id")
            try expect(rows.count, 10_000, "rows")
            try expect(try rows.last.map { try $0.text("note") }, "n9999", "the last note")
        },
        StoreContractCase(reopening: "has everything acknowledged after it was opened again") { store in
            try await makeTables(store.database)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in Int64(1)...50 {
                    group.addTask { try await store.database.run(addAccount(number, balance: number)) }
                }
                try await group.waitForAll()
            }
            let database = try await store.reopen()
            let rows = try await database.rows("SELECT SUM(balance) AS total FROM account")
            try expect(try rows.map { try $0.int("total") }, [1275], "the total")
            try await database.run(addAccount(51))
        },
    ]
}
