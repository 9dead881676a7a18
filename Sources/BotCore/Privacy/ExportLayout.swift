import BotKit
import Foundation

/// How an export looks to who reads it.
protocol ExportLayout: Sendable {
    func opening(at time: Date) -> String
    func sectionOpening(_ table: PersonalData) -> String
    /// One row: what was said, or its columns that mean something to people.
    func article(_ record: ExportRecord, of table: PersonalData) -> String
    var sectionEnd: String { get }
    func end(isEmpty: Bool) -> String
}

/// What a row says to people.
struct ExportEntry {
    /// When it was.
    let time: Date?
    /// The words of a message, of whatever table, and whether they are ours.
    let said: (words: String, isOurs: Bool)?
    /// Columns by their names for people; not for a message.
    let fields: [(label: Text, value: ExportRecord.Value)]

    init(_ record: ExportRecord, of table: PersonalData) {
        time = if let column = table.time, case .time(let time)? = record[column.text] { time } else { nil }
        said = Self.said(in: record)
        fields =
            said == nil
            ? record.columns.compactMap { column in
                guard column.name != table.time?.text, column.value.isForPeople else { return nil }
                return Text.exportLabels[column.name].map { ($0, column.value) }
            } : []
    }

    private static func said(in record: ExportRecord) -> (words: String, isOurs: Bool)? {
        if case .text(let text)? = record["text"] {
            if case .text("bot")? = record["speaker"] { return (text, true) }
            return (text, false)
        }
        // A text column that looked like JSON is one all the same.
        if case .json(let text)? = record["text"] { return (text, false) }
        guard case .json(let payload)? = record["payload"] else { return nil }
        let data = Data(payload.utf8)
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        if let message = try? decoder.decode(InboundMessage.self, from: data) {
            let file = message.media.map { [$0.fileName ?? $0.mimeType] } ?? []
            return ((file + [message.text].compactMap(\.self)).joined(separator: "\n"), false)
        }
        if let reply = try? decoder.decode(RenderedReply.self, from: data) { return (reply.text ?? "", true) }
        return nil
    }
}

extension ExportRecord.Value {
    /// Whether it is more than nothing, and not for programs alone.
    fileprivate var isForPeople: Bool {
        switch self {
        case .nothing, .json: false
        case .text, .number, .time: true
        }
    }
}

extension Date {
    /// A day and a time, in the words of a language.
    func shown(in language: Language) -> String {
        let locale = Locale(identifier: language == .hebrew ? "he" : "en_GB")
        return formatted(Date.FormatStyle(date: .long, time: .shortened, locale: locale, timeZone: .gmt))
    }
}
