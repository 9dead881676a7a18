/// One pass over a text that reads as ASCII, which notes what has to go.
///
/// Each of `number`, `word`, `address` and so on looks at one place and moves `index` behind what it has decided about.
struct RedactionScan {
    /// What takes the place of a part of the text.
    struct Edit {
        let range: Range<Int>
        /// The one byte of the text that stays before the replacement.
        var kept: Int?
        let replacement: [UInt8]
    }

    let bytes: UnsafeBufferPointer<UInt8>
    /// Whether numbers and addresses of people go as well.
    let isAboutPeople: Bool
    /// In the order of the text; they do not overlap.
    private(set) var edits: [Edit] = []
    /// What is looked at.
    var index = 0
    /// The `&` behind a name without a value.
    var queryGoesOn: Int?
    /// Up to here it is known that no mail address begins.
    private var localEnd = 0

    static let stars = Array("***".utf8)

    init(_ bytes: UnsafeBufferPointer<UInt8>, isAboutPeople: Bool = true) {
        self.bytes = bytes
        self.isAboutPeople = isAboutPeople
    }

    mutating func run() {
        while index < bytes.count {
            let kind = Signs.of[Int(bytes[index])]
            if isAboutPeople, kind & Signs.local != 0, index >= localEnd, address() { continue }
            if kind & (Signs.letter | Signs.digit | Signs.joint) != 0 {
                word()
            } else if bytes[index] == UInt8(ascii: ":") {
                userInformation()
            } else if bytes[index] == UInt8(ascii: "?") || bytes[index] == UInt8(ascii: "#") || index == queryGoesOn {
                query()
            } else {
                index += 1
            }
        }
    }

    // MARK: - What the parts share

    func kind(at place: Int) -> UInt8 { place >= 0 && place < bytes.count ? Signs.of[Int(bytes[place])] : 0 }

    func byte(at place: Int) -> UInt8 { place >= 0 && place < bytes.count ? bytes[place] : 0 }

    func isDigit(_ place: Int) -> Bool { kind(at: place) & Signs.digit != 0 }

    func isAlphanumeric(_ place: Int) -> Bool { kind(at: place) & (Signs.letter | Signs.digit) != 0 }

    /// The end of the bytes from `start` that are of one of `kinds`.
    func end(from start: Int, of kinds: UInt8) -> Int {
        var end = start
        while end < bytes.count, Signs.of[Int(bytes[end])] & kinds != 0 { end += 1 }
        return end
    }

    /// Notes that `range` goes, and moves behind it.
    mutating func redact(_ range: Range<Int>, keeping kept: Int? = nil, as replacement: [UInt8]) {
        edits.append(Edit(range: range, kept: kept, replacement: replacement))
        index = range.upperBound
    }

    /// A number as it is shown: four signs, stars and four digits; two and two when it is short.
    func masked(_ digits: [UInt8], hasPlus: Bool = false) -> [UInt8] {
        let signs = (hasPlus ? [UInt8(ascii: "+")] : []) + digits.map { $0 + UInt8(ascii: "0") }
        let shown = signs.count >= 10 ? 4 : 2
        return signs.prefix(shown) + Self.stars + signs.suffix(shown)
    }

    // MARK: - Mail addresses and WhatsApp's ids

    /// A mail address or an id of WhatsApp that begins here.
    private mutating func address() -> Bool {
        let start = index
        localEnd = end(from: start, of: Signs.local)
        let local = start..<localEnd
        var sign = localEnd
        while byte(at: sign) == UInt8(ascii: " "), sign < localEnd + 2 { sign += 1 }
        guard byte(at: sign) == UInt8(ascii: "@") else { return false }
        var end = sign + 1
        if sign > localEnd {
            // Blanks on both sides: `with or without @c.us` is no address.
            guard byte(at: end) == UInt8(ascii: " ") else { return false }
            while byte(at: end) == UInt8(ascii: " "), end < sign + 3 { end += 1 }
        }
        let domain = end
        var lastDot: Int?
        while end < bytes.count {
            if bytes[end] == UInt8(ascii: ".") {
                guard kind(at: end + 1) & (Signs.letter | Signs.digit) != 0 || byte(at: end + 1) == Signs.otherLetter
                else { break }
                lastDot = end
            } else if Signs.of[Int(bytes[end])] & (Signs.letter | Signs.digit) == 0, bytes[end] != UInt8(ascii: "-"),
                bytes[end] != Signs.otherLetter
            {
                break
            }
            end += 1
        }
        let digits = local.filter(isDigit).map { bytes[$0] - UInt8(ascii: "0") }
        let hasLetters = local.contains {
            kind(at: $0) & Signs.letter != 0 || bytes[$0] == Signs.otherLetter
        }
        if hasLetters || digits.isEmpty {
            guard let lastDot, end - lastDot > 2, !isDigit(lastDot + 1) else { return false }
            redact(local, keeping: start, as: Self.stars)
        } else {
            // The number of a linked device in an id whose user is hidden.
            guard sign == local.upperBound,
                digits.count >= 5 || (end > domain && byte(at: start - 1) != UInt8(ascii: ":"))
            else { return false }
            redact(local, as: digits.count >= 7 ? masked(digits) : Self.stars)
        }
        index = end
        localEnd = end
        return true
    }
}
