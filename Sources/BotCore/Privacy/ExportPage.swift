import BotKit
import Foundation

/// The page of an export: it needs no other file, no network and no script, and reads from right to left where the
/// language does.
struct ExportPage: ExportLayout {
    let phrasebook: Phrasebook
    let language: Language

    func opening(at time: Date) -> String {
        """
        <!DOCTYPE html>
        <html lang="\(escaped(language.rawValue))" dir="\(language.isRightToLeft ? "rtl" : "ltr")">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="referrer" content="no-referrer">
        <title>\(words(.exportTitle))</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <header>
        <h1>\(words(.exportTitle))</h1>
        <p>\(words(.exportMadeAt)) <time>\(shown(time))</time></p>
        <p>\(words(.exportExplained))</p>
        </header>
        <main>

        """
    }

    func sectionOpening(_ table: PersonalData) -> String {
        "<section>\n<h2>\(words(table.title ?? .otherData))</h2>\n"
    }

    let sectionEnd = "</section>\n"

    func end(isEmpty: Bool) -> String {
        "\(isEmpty ? "<p class=\"empty\">\(words(.exportEmpty))</p>\n" : "")</main>\n</body>\n</html>\n"
    }

    func article(_ record: ExportRecord, of table: PersonalData) -> String {
        let entry = ExportEntry(record, of: table)
        let stamp = entry.time.map { "<time>\(shown($0))</time>" } ?? ""
        if let (words, isOurs) = entry.said {
            return """
                <article class="\(isOurs ? "ours" : "theirs")">\(stamp)<p dir="auto">\(escaped(words))</p></article>

                """
        }
        let fields = entry.fields.compactMap { field in
            shown(field.value).map { "<dt>\(words(field.label))</dt><dd dir=\"auto\">\($0)</dd>" }
        }
        let list = fields.isEmpty ? "" : "<dl>\(fields.joined())</dl>"
        return "<article>\(stamp)\(list)</article>\n"
    }

    private func shown(_ value: ExportRecord.Value) -> String? {
        switch value {
        case .nothing: nil
        case .text(let text): escaped(text)
        case .number(let number): escaped("\(number)")
        case .time(let time): shown(time)
        case .json: nil
        }
    }

    private func shown(_ time: Date) -> String {
        "<bdi>\(escaped(time.shown(in: language)))</bdi> <bdi>UTC</bdi>"
    }

    private func words(_ text: Text) -> String { escaped(phrasebook.string(text, in: language)) }

    private func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static let style = """
        :root{color-scheme:light dark}body{margin:0 auto;max-width:46rem;padding:1.5rem;\
        font:1rem/1.5 system-ui,sans-serif;\
        color:#1c2733;background:#f4f6f8}h1{font-size:1.7rem;margin:0 0 .3rem}h2{font-size:1.15rem;margin:2rem 0 .6rem;\
        padding-bottom:.3rem;border-bottom:2px solid #c9d3dc}header p{margin:.2rem 0;color:#4a5a69}\
        article{background:#fff;border-radius:.7rem;padding:.6rem .9rem;margin:.5rem 0;max-width:38rem;\
        box-shadow:0 1px 2px rgba(0,0,0,.08);overflow-wrap:anywhere}article.theirs{background:#dff3e0;\
        margin-inline-start:auto}article.ours{background:#fff;margin-inline-end:auto}article p{margin:.15rem 0;\
        white-space:pre-wrap}time{font-size:.8rem;color:#5d6d7b}dl{display:grid;grid-template-columns:max-content 1fr;\
        gap:.1rem 1rem;margin:.2rem 0}dt{color:#4a5a69}dd{margin:0;text-align:start}\
        @media(prefers-color-scheme:dark){body{background:#12181e;color:#e3e9ee}\
        article,article.ours{background:#1d262e}\
        article.theirs{background:#17402a}header p,time,dt{color:#9fb0be}h2{border-color:#33424f}}\
        @media print{body{background:#fff}article{box-shadow:none;border:1px solid #c9d3dc}}
        """
}
