import BotKit
import Foundation

/// One row as an export shows it: columns by name, without secrets, times in ISO 8601, stored JSON unfolded.
struct ExportRecord {
    /// A value in one of the forms that JSON has.
    enum Value {
        case nothing
        case text(String)
        case number(NSNumber)
        case time(Date)
        /// Stored JSON.
        case json(String)

        var object: Any {
            switch self {
            case .nothing: return NSNull()
            case .text(let text): return text
            case .number(let number): return number
            case .time(let time): return time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            case .json(let text):
                return (try? JSONSerialization.jsonObject(with: Data(text.utf8))) ?? text
            }
        }
    }

    private(set) var columns: [(name: String, value: Value)] = []

    init(_ row: Row, of table: PersonalData) throws {
        let hidden = Set(table.hidden.map(\.text))
        for (index, name) in row.names.enumerated() where index > 0 && !hidden.contains(name) {
            columns.append((name, Self.value(try row.value(name), of: name, isTime: name == table.time?.text)))
        }
    }

    /// The value of a column.
    subscript(_ name: String) -> Value? { columns.first { $0.name == name }?.value }

    /// One line of JSON.
    func json() throws -> String {
        let object = Dictionary(columns.map { ($0.name, $0.value.object) }) { first, _ in first }
        let data = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    private static func value(_ value: SQLValue, of name: String, isTime: Bool) -> Value {
        switch value {
        case .null: return .nothing
        case .integer(let number):
            let isTime = isTime || ["_at", "_until", "_since", "_before"].contains { name.hasSuffix($0) }
            // Smaller numbers are no times: they say that there is none.
            if isTime, number > 0 { return .time(Date(milliseconds: number)) }
            return .number(NSNumber(value: number))
        case .real(let number): return number.isFinite ? .number(NSNumber(value: number)) : .nothing
        case .text(let text):
            return text.hasPrefix("{") || text.hasPrefix("[") ? .json(text) : .text(text)
        case .blob(let data): return .text(data.base64EncodedString())
        }
    }
}
