import TestKit

@testable import BotCore

/// Makes texts that hold something personal or secret, with what must not be seen of it.
struct SensitiveText {
    var random: SeededRandom

    struct Sample {
        let kind: String
        let text: String
        /// What is looked for in a log, without blanks, dashes, strokes and brackets.
        let secret: String
    }

    mutating func next() -> Sample {
        var (kind, secret) = value()
        // A number may be written in other digits, and in groups.
        let isNumber = kind == "phone" || kind == "card" || kind == "israeli"
        let plain = secret
        if kind == "phone" || kind == "card" { secret = grouped(secret, isCard: kind == "card") }
        if isNumber, random.below(5) == 0 { secret = inOtherDigits(secret) }
        return Sample(kind: kind, text: embedded(secret), secret: plain)
    }

    // MARK: - Values

    private mutating func value() -> (kind: String, secret: String) {
        switch random.below(13) {
        case 0, 1: return ("phone", "+" + phone())
        case 2: return ("phone", phone())
        case 3:
            return (
                "wa", phone() + pick(["@s.whatsapp.net", "@c.us", ":3@s.whatsapp.net", "@lid", "-1600000000@g.us"])
            )
        case 4:
            return (
                "mail",
                word(3...10) + pick([".", "_", "+", ""]) + word(2...6) + "@" + word(3...8) + pick([".com", ".co.il"])
            )
        case 5: return ("key", key())
        case 6: return ("bearer", "Bearer " + secret(24...60))
        case 7: return ("nric", pick(["S", "T", "F", "G", "s", "t"]) + digits(7) + pick(["A", "D", "Z", "j"]))
        case 8: return ("card", card())
        case 9: return ("israeli", israeli())
        case 10: return ("iban", account())
        case 11: return ("query", query())
        default:
            return (
                "cookie", pick(["Set-Cookie: a=b; sid=", "cookie: theme=x; sid=", "Cookie: sid="]) + secret(6...20)
            )
        }
    }

    /// The value is what follows the last `=`.
    private mutating func query() -> String {
        let before = pick(["", "", "a&", "a&b=1&", "a=1&amp;", "a=&", "na%20me=x&", "x[0]=1&", "(a)=1&"])
        let quote = pick(["", "", "", "\"", "'"])
        return "https://" + word(3...8) + ".example/" + word(2...5) + "?" + before + word(2...6) + "=" + quote
            + secret(6...20) + quote
    }

    private mutating func phone() -> String {
        String(1 + random.below(9)) + digits(6 + random.below(9))
    }

    private mutating func key() -> String {
        let prefix = pick([
            "sk-", "sk-proj-", "sk-ant-api03-", "pk-", "ghp_", "github_pat_", "glpat-", "xoxb-", "xoxc-", "xoxd-",
            "AIza", "hf_", "gsk_",
            "xai-",
            "AKIA", "sk_live_", "whsec_", "npm_", "EAAG", "SG.", "hvs.", "r8_",
        ])
        return prefix + secret(24...48)
    }

    private mutating func card() -> String {
        var number = pick(["4", "51", "37", "6011", "35", "22"])
        let length = number == "37" ? 15 : number == "4" ? [13, 16, 19][random.below(3)] : 16
        number += digits(length - number.count - 1)
        return number + Self.last(of: number) { CheckDigits.isCard($0) }
    }

    private mutating func israeli() -> String {
        let number = digits(8)
        return number == "00000000" ? "123456782" : number + Self.last(of: number) { CheckDigits.isIsraeliIdentity($0) }
    }

    private mutating func account() -> String {
        let (country, length) = [("DE", 22), ("IL", 23), ("GB", 22), ("FR", 27), ("NL", 18)][random.below(5)]
        let body = (country == "GB" || country == "NL" ? "ABCD" : "")
        let rest = body + digits(length - 4 - body.count)
        for check in 2...98 {
            let text = country + (check < 10 ? "0" : "") + String(check) + rest
            if CheckDigits.isAccount(Array(text.utf8)) {
                return random.below(2) == 0 ? text : random.below(2) == 0 ? text.lowercased() : Self.inFours(text)
            }
        }
        return "DE89370400440532013000"
    }

    private static func last(of number: String, _ isRight: ([UInt8]) -> Bool) -> String {
        for digit in 0...9 where isRight((number + String(digit)).utf8.map { $0 - 48 }) { return String(digit) }
        return "0"
    }

    static func inFours(_ text: String) -> String {
        var result = ""
        for (place, letter) in text.enumerated() { result += (place > 0 && place % 4 == 0 ? " " : "") + String(letter) }
        return result
    }

    // MARK: - How it is written

    private mutating func grouped(_ number: String, isCard: Bool) -> String {
        let digits = number.filter(\.isNumber)
        guard random.below(2) == 0, digits.count >= 10 else { return number }
        let joint = pick([" ", "-", "\u{A0}", "\u{2011}", "/", "_"])
        if isCard { return Self.inFours(digits).replacing(" ", with: joint) }
        let plus = number.hasPrefix("+") ? "+" : ""
        let head = digits.prefix(digits.count - 7)
        let tail = digits.suffix(4)
        let middle = digits.dropLast(4).suffix(3)
        return random.below(4) == 0
            ? "\(plus)\(digits.prefix(1)) (\(digits.dropFirst().prefix(3))) "
                + "\(digits.dropFirst(4).prefix(3))-\(digits.dropFirst(7))"
            : "\(plus)\(head)\(joint)\(middle)\(joint)\(tail)"
    }

    private mutating func inOtherDigits(_ text: String) -> String {
        let zero = [0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10, 0x1D7CE][random.below(6)]
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    ("0"..."9").contains(scalar) ? UnicodeScalar(UInt32(zero) + scalar.value - 48) ?? scalar : scalar
                }))
    }

    private mutating func embedded(_ secret: String) -> String {
        let frames = [
            ("", ""), ("user ", " wrote"), ("id=", ","), ("(", ")"), ("<", ">"), ("\"", "\""), ("'", "'"), ("[", "]"),
            (#"{"from":""#, #"","type":"text"}"#), (#"{\"to\":\""#, #"\"}"#),
            ("NIOCore.IOError(text: \"", "\", errno: 104)"),
            ("HTTPClientError.invalidURL: ", "; retry in 1.5 seconds"), ("שלום ", " תודה"), ("line\n", "\nnext"),
            ("Optional(", ")"), ("to:", "."), ("2026-03-02T09:05:07Z ", " 200 OK"), ("[\"a\", ", ", 3]"),
            ("key: ", "\t"),
            ("Error Domain=NSCocoaErrorDomain Code=260 \"", "\" UserInfo={NSUnderlying=0x7f}"), ("→", "←"),
        ]
        let (before, after) = frames[random.below(frames.count)]
        return before + secret + after
    }

    // MARK: - Chance

    private mutating func pick(_ words: [String]) -> String { words[random.below(words.count)] }

    private mutating func digits(_ count: Int) -> String {
        String((0..<count).map { _ in Character(String(random.below(10))) })
    }

    private mutating func word(_ length: ClosedRange<Int>) -> String { text(length, of: "abcdefghijklmnopqrstuvwxyz") }

    private mutating func secret(_ length: ClosedRange<Int>) -> String {
        text(length, of: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    }

    private mutating func text(_ length: ClosedRange<Int>, of alphabet: String) -> String {
        let letters = Array(alphabet)
        return String((0..<Int.random(in: length, using: &random)).map { _ in letters[random.below(letters.count)] })
    }
}
