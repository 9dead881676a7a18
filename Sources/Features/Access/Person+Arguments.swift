import BotKit
import Foundation

extension Person {
    /// Refuses the name of a member of a network that there is not.
    func require(oneOf networks: Set<ProviderID>) throws {
        guard case .member(let member) = self, !networks.contains(member.provider) else { return }
        let names = networks.map { "\($0.rawValue)/…" }.sorted().joined(separator: ", ")
        throw Refusal(.noSuchNetwork.with(["names": names]), reason: "bad_arguments")
    }
}

extension Duration {
    /// Reads `30m`, `12h` or `7d`, up to ten years.
    init?(argument word: Substring) {
        let units: [Character: Int] = ["m": 60, "h": 3_600, "d": 86_400]
        guard let unit = word.last.flatMap({ units[Character($0.lowercased())] }), word.utf8.count <= 8,
            let count = Int(word.dropLast()), count > 0, count * unit <= 3_653 * 86_400
        else { return nil }
        self = .seconds(count * unit)
    }
}

extension Text {
    fileprivate static let noSuchNetwork = Text(
        "access.no_such_network",
        en: "I know nobody by such a name. It can be a telephone number, an id of the network such as US.1349 or "
            + "100000000000001@lid, or a name that begins with one of: {names}",
        he: "אין אצלי מישהו בשם כזה. אפשר מספר טלפון, מזהה של הרשת כמו US.1349 או 100000000000001@lid, או שם שמתחיל "
            + "באחד מאלה: {names}")
}
