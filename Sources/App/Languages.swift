import BotKit
import Foundation

/// The languages beyond English and Hebrew, which every `Text` brings itself.
///
/// A language is a file `Locales/<code>.json` with its sentences by key, embedded by Package.swift and named here;
/// docs/adding/language.md has the steps.
enum Languages {
    static let overlays: [Language: [UInt8]] = [:]

    /// The words of the product in all its languages.
    /// - Throws: `Defect` when a file is not JSON of texts by key.
    static func phrasebook(_ overlays: [Language: [UInt8]] = overlays) throws -> Phrasebook {
        Phrasebook(
            overlays: try Dictionary(
                uniqueKeysWithValues: overlays.map { language, bytes in
                    guard let texts = try? JSONDecoder().decode([String: String].self, from: Data(bytes)) else {
                        throw Defect("the locale \(language.rawValue) is not JSON of texts by key")
                    }
                    return (language, texts)
                }))
    }
}
