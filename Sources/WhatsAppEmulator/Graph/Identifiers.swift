import Crypto
import Foundation

/// Makes ids that look like Meta's.
enum Identifiers {
    /// `wamid.` and the base64 of the user's number, a direction byte and a random hexadecimal key.
    ///
    /// The layout of the bytes was read from public examples; nobody may rely on it.
    static func message(user: String, isIncoming: Bool) -> String {
        let number = Array(user.utf8.prefix(32))
        let key = Array((hex(UInt64.random(in: .min ... .max)) + hex(UInt64.random(in: .min ... .max))).utf8.prefix(20))
        var bytes: [UInt8] = [0x1C, 0x18, UInt8(number.count)]
        bytes += number
        bytes += [0x15, 0x02, 0x00, isIncoming ? 0x12 : 0x11, 0x18, UInt8(key.count)]
        bytes += key.map { $0 >= 0x61 ? $0 - 0x20 : $0 }
        bytes.append(0)
        return "wamid." + Data(bytes).base64EncodedString()
    }

    /// A decimal id of 15 digits, as media and templates have.
    static func numeric() -> String { String(UInt64.random(in: 100_000_000_000_000...999_999_999_999_999)) }

    /// A group's id: base64 of the number and the group, as in Meta's examples.
    static func group(displayNumber: String) -> String {
        let text = "capi_group:\(displayNumber):120363\(UInt64.random(in: 100_000_000_000...999_999_999_999))"
        return Data(text.utf8).base64EncodedString().replacing("=", with: "") + "ZD"
    }

    /// The value of `fbtrace_id`: `A` and 22 letters.
    static func trace() -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
        return "A" + String((0..<22).map { _ in letters[Int.random(in: letters.indices)] })
    }

    /// The business-scoped user id that the emulator gives to the owner of `phone` (digits): always the same one.
    static func businessScopedUser(phone: String) -> String {
        let digest = SHA256.hash(data: Data("martlet emulator user \(phone)".utf8))
        let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return "US." + String(number | 1 << 63)
    }

    /// Whether `text` has the form of a business-scoped user id (Meta, Business-scoped user IDs).
    static func isBusinessScopedUser(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 || (parts.count == 3 && parts[1] == "ENT"), let tail = parts.last else { return false }
        let country = parts[0].utf8
        return country.count == 2 && country.allSatisfy { (0x41...0x5A).contains($0) }
            && (1...128).contains(tail.utf8.count)
            && tail.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            }
    }

    /// The digits of a phone number written as people do (`+1 555-000-0001`); `nil` when it is none.
    static func phoneDigits(_ text: String) -> String? {
        var digits = ""
        for character in text.unicodeScalars {
            switch character {
            case "0"..."9": digits.unicodeScalars.append(character)
            case "+", " ", "-", "(", ")", ".": continue
            default: return nil
            }
        }
        return (5...20).contains(digits.utf8.count) ? digits : nil
    }

    /// Two lower-case hexadecimal digits.
    static func hexByte(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return text.utf8.count == 2 ? text : "0" + text
    }

    private static func hex(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
}
