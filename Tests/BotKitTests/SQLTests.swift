import BotKit
import Foundation
import Testing

@Suite struct SQLTests {
    @Test(arguments: [(Double.infinity, Int64.max), (-1e300, .min), (.nan, .max), (1.25, 1_250), (-0.001, -1)])
    func `any time has milliseconds`(seconds: Double, expected: Int64) {
        #expect(Date(timeIntervalSince1970: seconds).milliseconds == expected)
    }

    @Test func `binds what is interpolated and never splices it`() {
        let attack = "'; DROP TABLE note; --"
        let statement: SQL = "SELECT id FROM note WHERE text = \(attack) AND n = \(7) AND at > \(Date(milliseconds: 5))"
        #expect(statement.rendered(for: .sqlite).text == "SELECT id FROM note WHERE text = ? AND n = ? AND at > ?")
        #expect(statement.rendered(for: .postgres).text == "SELECT id FROM note WHERE text = $1 AND n = $2 AND at > $3")
        #expect(statement.rendered(for: .sqlite).values == [.text(attack), .integer(7), .integer(5)])
    }

    @Test func `binds nothing as NULL`() {
        let values = ("\(String?.none), \("a" as String?), \(Int64?.none)" as SQL).rendered(for: .sqlite).values
        #expect(values == [.null, .text("a"), .null])
    }

    @Test func `binds identifiers, truth values and bytes`() {
        let chat = ChatID(account: AccountID(provider: "cloud", name: "1"), name: "dana")
        let values = ("\(chat) \(true) \(false) \(Data([1])) \(0.5)" as SQL).rendered(for: .sqlite).values
        #expect(values == [.text("cloud:1/dana"), .integer(1), .integer(0), .blob(Data([1])), .real(0.5)])
    }

    @Test func `binds a list with commas, and an empty one as NULL`() {
        let list: SQL = "IN (\(list: [1, 2, 3]))"
        #expect(list.rendered(for: .postgres).text == "IN ($1, $2, $3)")
        let none: [String] = []
        #expect(("IN (\(list: none))" as SQL).rendered(for: .sqlite).text == "IN (NULL)")
        #expect(("IN (\(list: none))" as SQL).rendered(for: .sqlite).values.isEmpty)
    }

    @Test func `counts places on through a statement that is part of another`() {
        let condition: SQL = "b = \(2) OR b = \(3)"
        let whole: SQL = "a = \(1) AND (\(condition)) AND c = \(4)"
        #expect(whole.rendered(for: .postgres).text == "a = $1 AND (b = $2 OR b = $3) AND c = $4")
        #expect(whole.rendered(for: .postgres).values == [.integer(1), .integer(2), .integer(3), .integer(4)])
    }

    @Test func `differs between backends only where it says so`() {
        let lock: SQL = "SELECT id FROM \(name: "job")\(sqlite: "", postgres: " FOR UPDATE SKIP LOCKED")"
        #expect(lock.rendered(for: .sqlite).text == "SELECT id FROM job")
        #expect(lock.rendered(for: .postgres).text == "SELECT id FROM job FOR UPDATE SKIP LOCKED")
        let columns: SQL = "id \(type: .rowID), data \(type: .bytes)"
        #expect(columns.rendered(for: .sqlite).text == "id INTEGER, data BLOB")
        #expect(columns.rendered(for: .postgres).text == "id BIGINT, data BYTEA")
    }

    @Test func `mends values that not every backend stores`() {
        let values = ("\("a\0b\0") \(Double.nan) \(list: ["\0"])" as SQL).rendered(for: .sqlite).values
        #expect(values == [.text("a\u{FFFD}b\u{FFFD}"), .null, .text("\u{FFFD}")])
    }

    @Test func `carries how many rows it must change`() {
        let statement: SQL = "DELETE FROM note"
        #expect(statement.requiredChanges == nil)
        #expect(statement.requiring(rows: 1).requiredChanges == 1)
    }

    @Test func `rounds times to the millisecond`() {
        #expect(Date(timeIntervalSince1970: 1.0006).milliseconds == 1001)
        #expect(Date(timeIntervalSince1970: -0.0004).milliseconds == 0)
        #expect(Date(milliseconds: 1_767_225_600_123).milliseconds == 1_767_225_600_123)
        #expect(Duration.milliseconds(1500).seconds == 1.5)
    }
}

@Suite struct RowTests {
    let row = Row(
        columns: ["n", "t", "null", "r", "b", "digits"],
        values: [.integer(42), .text("word"), .null, .real(1.5), .blob(Data([7])), .text("43")])

    @Test func `reads each kind of value`() throws {
        #expect(try row.int("n") == 42)
        #expect(try row.text("t") == "word")
        #expect(try row.double("r") == 1.5)
        #expect(try row.data("b") == Data([7]))
        #expect(try row.bool("n"))
        #expect(try row.date("n") == Date(milliseconds: 42))
        #expect(try row.id("t", as: MemberID.self) == "word")
    }

    @Test func `reads numbers that a backend gives as text`() throws {
        #expect(try row.int("digits") == 43)
        #expect(try row.double("digits") == 43)
        #expect(try row.text("n") == "42")
    }

    @Test func `gives nil for NULL only where that is expected`() throws {
        #expect(try row.optionalText("null") == nil)
        #expect(try row.optionalInt("null") == nil)
        #expect(try row.optionalDate("null") == nil)
        #expect(throws: DatabaseError.unexpected("column null is null")) { try row.text("null") }
        #expect(throws: DatabaseError.unexpected("column null is null")) { try row.double("null") }
    }

    @Test func `refuses what is not there or of another kind, without quoting it`() {
        #expect(throws: DatabaseError.unexpected("no column x")) { try row.int("x") }
        #expect(throws: DatabaseError.unexpected("column t is no integer")) { try row.int("t") }
        #expect(throws: DatabaseError.unexpected("column r is no integer")) { try row.optionalInt("r") }
        #expect(throws: DatabaseError.unexpected("column t is no number")) { try row.double("t") }
        #expect(throws: DatabaseError.unexpected("column b is no text")) { try row.text("b") }
        #expect(throws: DatabaseError.unexpected("column t holds no bytes")) { try row.data("t") }
    }
}
