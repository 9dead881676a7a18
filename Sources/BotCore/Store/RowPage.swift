import BotKit

/// What was read of a table, row by row: one that cannot be read keeps no other back.
struct RowPage<Item: Sendable>: Sendable {
    /// In the order of the rows.
    private(set) var items: [Item] = []
    /// The ids of rows that are damaged or were written by a newer version.
    private(set) var unreadable: [Int64] = []
    /// Whether there may be more.
    let isFull: Bool

    /// - Parameters:
    ///   - limit: the most rows that the query gives.
    ///   - read: gives `nil` for a row that this version cannot read.
    init(_ rows: [Row], limit: Int, read: (Row) -> Item?) throws {
        isFull = rows.count == limit
        for row in rows {
            if let item = read(row) { items.append(item) } else { unreadable.append(try row.int("id")) }
        }
    }

    /// The unreadable rows, for the operator.
    var unreadableList: String { unreadable.map(String.init).joined(separator: ",") }
}
