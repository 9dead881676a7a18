/// The check digits of cards, identity numbers and bank accounts.
enum CheckDigits {
    /// Whether the digits, as numbers from 0 to 9, may be those of a card (ISO/IEC 7812-1, annex B, called Luhn).
    static func isCard(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
        guard (13...19).contains(digits.count), let first = digits.first else { return false }
        // Numbers of rows have 19 digits and begin with 1 to 3 until the year 2090; cards of 19 digits do not.
        if digits.count == 19, (1...3).contains(first) { return false }
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let weighted = Int(digit) * (place.isMultiple(of: 2) ? 1 : 2)
            sum += weighted > 9 ? weighted - 9 : weighted
        }
        return sum.isMultiple(of: 10) && sum > 0
    }

    /// Whether nine digits are the number of an Israeli identity card.
    static func isIsraeliIdentity(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
        guard digits.count == 9 else { return false }
        var sum = 0
        for (place, digit) in digits.enumerated() {
            let weighted = Int(digit) * (place.isMultiple(of: 2) ? 1 : 2)
            sum += weighted > 9 ? weighted - 9 : weighted
        }
        return sum.isMultiple(of: 10) && sum > 0
    }

    /// How long an account of a country is (SWIFT, IBAN Registry); `nil` where there are none.
    /// - Parameter country: two capital letters.
    static func accountLength(of country: (UInt8, UInt8)) -> Int? {
        accountLengths[Int(country.0) << 8 | Int(country.1)]
    }

    private static let accountLengths: [Int: Int] = {
        let all = """
            AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27
            DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28
            IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22
            MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24
            SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
            """
        var lengths: [Int: Int] = [:]
        for entry in all.split(whereSeparator: \.isWhitespace).map({ Array($0.utf8) }) {
            lengths[Int(entry[0]) << 8 | Int(entry[1])] =
                Int(entry[2] - UInt8(ascii: "0")) * 10 + Int(entry[3] - UInt8(ascii: "0"))
        }
        return lengths
    }()

    /// Whether an account's check digits are right (ISO 13616, ISO/IEC 7064 MOD 97-10).
    /// - Parameter account: capital letters and digits, without blanks.
    static func isAccount(_ account: [UInt8]) -> Bool {
        var rest = 0
        for byte in account[4...] + account[..<4] {
            if byte <= UInt8(ascii: "9") {
                rest = (rest * 10 + Int(byte - UInt8(ascii: "0"))) % 97
            } else {
                rest = (rest * 100 + Int(byte - UInt8(ascii: "A")) + 10) % 97
            }
        }
        return rest == 1
    }
}
