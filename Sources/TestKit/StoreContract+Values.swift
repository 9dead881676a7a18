import BotKit
import Foundation

extension StoreContract {
    static let values: [StoreContractCase] = [
        StoreContractCase("gives back every integer, the limits included") { database in
            try await database.run("CREATE TABLE sample (id BIGINT PRIMARY KEY, n BIGINT)")
            let numbers: [Int64] = [0, 1, -1, 1 << 53 + 1, .max, .min]
            for (index, number) in numbers.enumerated() {
                try await database.run("INSERT INTO sample (id, n) VALUES (\(index), \(number))")
            }
            let read = try await database.rows("SELECT n FROM sample ORDER BY id").map { try $0.int("n") }
            try expect(read, numbers, "integers")
        },
        StoreContractCase("gives back every double, the extremes included") { database in
            try await database.run("CREATE TABLE sample (id BIGINT PRIMARY KEY, n DOUBLE PRECISION)")
            let numbers = [0.1, 3, -2.5, .greatestFiniteMagnitude, .leastNormalMagnitude, .infinity, -.infinity]
            for (index, number) in numbers.enumerated() {
                try await database.run("INSERT INTO sample (id, n) VALUES (\(index), \(number))")
            }
            let read = try await database.rows("SELECT n FROM sample ORDER BY id").map { try $0.double("n") }
            try expect(read, numbers, "doubles")
        },
        StoreContractCase("stores a double that is no number as NULL") { database in
            try await database.run("CREATE TABLE sample (n DOUBLE PRECISION)")
            try await database.run("INSERT INTO sample (n) VALUES (\(Double.nan))")
            try expect(try await database.rows("SELECT n FROM sample WHERE n IS NULL").count, 1, "rows")
        },
        StoreContractCase("gives back every text, whatever its script") { database in
            try await database.run("CREATE TABLE sample (id BIGINT PRIMARY KEY, t TEXT)")
            let texts = [
                "", " ", "שָׁלוֹם עולם", "\u{202E}gnp.exe\u{202C}", "👩‍👩‍👧‍👦🇮🇱", "e\u{301}", "line\r\n\tline",
                "quote ' \" ` \\ %",
                "$1 ? :name @x", String(repeating: "א", count: 5000),
            ]
            for (index, text) in texts.enumerated() {
                try await database.run("INSERT INTO sample (id, t) VALUES (\(index), \(text))")
            }
            let read = try await database.rows("SELECT t FROM sample ORDER BY id").map { try $0.text("t") }
            try expect(read.map { Array($0.utf8) }, texts.map { Array($0.utf8) }, "the bytes of the texts")
        },
        StoreContractCase("replaces NUL in a text, so that no member can stop a row from being stored") { database in
            try await database.run("CREATE TABLE sample (t TEXT NOT NULL)")
            try await database.run("INSERT INTO sample (t) VALUES (\("a\0b"))")
            let read = try await database.rows("SELECT t FROM sample").map { try $0.text("t") }
            try expect(read, ["a\u{FFFD}b"], "the text")
        },
        StoreContractCase("gives back bytes, none and all 256") { database in
            try await database.run("CREATE TABLE sample (id BIGINT PRIMARY KEY, b \(type: .bytes) NOT NULL)")
            let blobs = [Data(), Data(0...255), Data("text".utf8)]
            for (index, blob) in blobs.enumerated() {
                try await database.run("INSERT INTO sample (id, b) VALUES (\(index), \(blob))")
            }
            let read = try await database.rows("SELECT b FROM sample ORDER BY id").map { try $0.data("b") }
            try expect(read, blobs, "bytes")
        },
        StoreContractCase("tells NULL from empty") { database in
            try await database.run("CREATE TABLE sample (id BIGINT PRIMARY KEY, t TEXT, n BIGINT, b \(type: .bytes))")
            let nothing: String? = nil
            try await database.run(
                """
                INSERT INTO sample (id, t, n, b)
                VALUES (1, \(nothing), \(Int64?.none), \(Data?.none)), (2, \("" as String?), 0, \(Data()))
                """
            )
            let rows = try await database.rows("SELECT t, n, b FROM sample ORDER BY id")
            try expect(rows.count, 2, "rows")
            for column in ["t", "n", "b"] { try expect(try rows[0].value(column), .null, "column \(column)") }
            try expect(try rows[1].optionalText("t"), "", "an empty text")
            try expect(try rows[1].optionalInt("n"), 0, "zero")
        },
        StoreContractCase("keeps times to the millisecond and truth values") { database in
            try await database.run("CREATE TABLE sample (at BIGINT, yes BIGINT, no BIGINT, never BIGINT)")
            let time = Date(milliseconds: 1_767_225_600_123)
            try await database.run("INSERT INTO sample VALUES (\(time), \(true), \(false), \(Date?.none))")
            guard let row = try await database.rows("SELECT * FROM sample").first else {
                throw ContractViolation("no row")
            }
            try expect(try row.date("at"), time, "the time")
            try expect(try row.optionalDate("never"), nil, "no time")
            try expect([try row.bool("yes"), try row.bool("no")], [true, false], "truth values")
        },
        StoreContractCase("takes a text that looks like SQL as data") { database in
            try await makeTables(database)
            let attack = "x'); DROP TABLE account; --"
            try await database.run("INSERT INTO account (id, name, balance) VALUES (1, \(attack), 0)")
            let rows = try await database.rows("SELECT name FROM account WHERE name = \(attack)")
            try expect(try rows.map { try $0.text("name") }, [attack], "the stored name")
        },
        StoreContractCase("stores values of a megabyte") { database in
            try await database.run("CREATE TABLE sample (t TEXT, b \(type: .bytes))")
            let text = String(repeating: "0123456789abcdef", count: 65_536)
            let bytes = Data(repeating: 0xA5, count: 1 << 20)
            try await database.run("INSERT INTO sample (t, b) VALUES (\(text), \(bytes))")
            guard let row = try await database.rows("SELECT t, b FROM sample").first else {
                throw ContractViolation("no row")
            }
            try require(try row.text("t") == text, "the text came back changed")
            try require(try row.data("b") == bytes, "the bytes came back changed")
        },
    ]
}
