import BotKit
import Foundation

/// An export as plain text, for networks that take no archive.
struct ExportText: ExportLayout {
    /// Tells programs how the text is encoded; without it some show Hebrew as signs (RFC 3629, section 6).
    static let mark = "\u{FEFF}"

    let phrasebook: Phrasebook
    let language: Language

    func opening(at time: Date) -> String {
        """
        \(Self.mark)\(words(.exportTitle))
        \(words(.exportMadeAt)) \(shown(time))

        \(words(.exportExplainedInText))

        """
    }

    func sectionOpening(_ table: PersonalData) -> String {
        let title = words(table.title ?? .otherData)
        return "\n\n\(title)\n\(String(repeating: "=", count: title.count))\n"
    }

    let sectionEnd = ""

    func end(isEmpty: Bool) -> String {
        "\(isEmpty ? "\n\(words(.exportEmpty))\n" : "")\n\n\(words(.exportForPrograms))\n\n"
    }

    func article(_ record: ExportRecord, of table: PersonalData) -> String {
        let entry = ExportEntry(record, of: table)
        var lines: [String] = []
        if let said = entry.said {
            let speaker = words(said.isOurs ? .exportOurs : .exportTheirs)
            lines.append([entry.time.map(shown), speaker].compactMap(\.self).joined(separator: " – ") + ":")
            lines.append(said.words)
        } else {
            if let time = entry.time { lines.append(shown(time)) }
            lines += entry.fields.compactMap { field in shown(field.value).map { "\(words(field.label)): \($0)" } }
        }
        return "\n" + lines.joined(separator: "\n") + "\n"
    }

    private func shown(_ value: ExportRecord.Value) -> String? {
        switch value {
        case .nothing, .json: nil
        case .text(let text): text
        case .number(let number): "\(number)"
        case .time(let time): shown(time)
        }
    }

    private func shown(_ time: Date) -> String { "\(time.shown(in: language)) UTC" }

    private func words(_ text: Text) -> String { phrasebook.string(text, in: language) }
}
