/// Words: keys, tokens, named secrets, identity numbers and bank accounts; their digits may be a telephone number.
extension RedactionScan {
    /// Decides about the word, or the part of one, that begins here.
    mutating func word() {
        if kind(at: index - 1) & (Signs.letter | Signs.digit | Signs.joint) == 0 {
            let end = end(from: index, of: Signs.letter | Signs.digit | Signs.joint)
            if let end = endOfUUID(from: index) { return index = end }
            if key(end) || numberedKey(end) || scheme(end) || named(end) { return }
        }
        guard isAboutPeople else { return index = end(from: index, of: Signs.letter | Signs.digit | Signs.joint) }
        if !isAlphanumeric(index - 1), identity() || account() { return }
        if isDigit(index) {
            number()
        } else {
            index = end(from: index, of: kind(at: index) & Signs.letter != 0 ? Signs.letter : Signs.joint)
        }
    }

    func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// A key that says by its beginning whose it is: the beginning, stars and three signs stay.
    private mutating func key(_ wordEnd: Int) -> Bool {
        guard wordEnd - index >= 2, let (shown, least) = SecretPrefixes.known.match(bytes, from: index) else {
            return false
        }
        let end = endOfToken(from: index)
        let length = end - index
        guard length >= least, length > shown + 2 else { return false }
        // `sk-` and the like need no more; a word with an underscore is a key only when it looks made by chance.
        guard least == 8 || isRandom(index + shown, end) else { return false }
        if least == 34, !(index + 2..<index + 34).allSatisfy({ isHexadecimal(bytes[$0]) }) { return false }
        redact(index..<end, as: Array(bytes[index..<index + shown]) + Self.stars + Array(bytes[end - 3..<end]))
        return true
    }

    /// A number, a colon and 35 signs, as Telegram's bots have it.
    private mutating func numberedKey(_ wordEnd: Int) -> Bool {
        guard byte(at: wordEnd) == UInt8(ascii: ":"), (8...13).contains(wordEnd - index), isDigit(wordEnd - 1) else {
            return false
        }
        let end = end(from: wordEnd + 1, of: Signs.letter | Signs.digit | Signs.joint)
        guard end - wordEnd == 36 else { return false }
        redact(index..<end, as: Self.stars + Array(bytes[end - 3..<end]))
        return true
    }

    /// `Bearer` and `Basic` with what follows.
    private mutating func scheme(_ wordEnd: Int) -> Bool {
        guard wordEnd - index == 6 || wordEnd - index == 5,
            byte(at: wordEnd) == UInt8(ascii: " ")
                || byte(at: wordEnd) == Signs.hiddenBlank
        else { return false }
        let word = String(decoding: bytes[index..<wordEnd], as: UTF8.self).lowercased()
        guard word == "bearer" || word == "basic" || word == "token" else { return false }
        var start = wordEnd
        while byte(at: start) == UInt8(ascii: " ") || byte(at: start) == Signs.hiddenBlank { start += 1 }
        let end = endOfToken(from: start)
        // `token` is a word of sentences as well.
        guard end - start >= (word == "token" ? 24 : 8), isLikely(start, end) else { return false }
        redact(start..<end, as: Self.stars + (end - start >= 12 ? Array(bytes[end - 3..<end]) : []))
        return true
    }

    /// `password=…`, `"api_key": "…"`, `X-Api-Key: …`.
    private mutating func named(_ wordEnd: Int) -> Bool {
        var place = wordEnd
        while kind(at: place) & Signs.end != 0, byte(at: place) != UInt8(ascii: "<"), place < wordEnd + 2 { place += 1 }
        guard byte(at: place) == UInt8(ascii: "=") || byte(at: place) == UInt8(ascii: ":"),
            let kind = SecretNames.kind(of: UnsafeBufferPointer(rebasing: bytes[index..<wordEnd]))
        else { return false }
        place += 1
        while self.kind(at: place) & Signs.end != 0, place < wordEnd + 8 { place += 1 }
        if cookies(place, isNamed: index..<wordEnd) { return true }
        var end = place
        while end < bytes.count, Signs.of[Int(bytes[end])] & Signs.end == 0, !",;&)}]".utf8.contains(bytes[end]) {
            end += 1
        }
        switch kind {
        case .always: guard end > place else { return false }
        case .whenLikely: guard end - place >= 6, isLikely(place, end) else { return false }
        }
        redact(place..<end, as: Self.stars)
        return true
    }

    /// `Cookie: name=value; name=value`: the values of all of them, however short.
    /// - Parameter name: what stands before the colon.
    private mutating func cookies(_ start: Int, isNamed name: Range<Int>) -> Bool {
        guard name.count >= 6, bytes[name].suffix(6).elementsEqual("cookie".utf8, by: { $0 | 0x20 == $1 }) else {
            return false
        }
        var place = start
        var isFound = false
        while true {
            let nameEnd = end(from: place, of: Signs.letter | Signs.digit | Signs.joint | Signs.token)
            guard nameEnd > place else { return isFound }
            var end = nameEnd
            if byte(at: nameEnd) == UInt8(ascii: "=") {
                end += 1
                while end < bytes.count, Signs.of[Int(bytes[end])] & Signs.end == 0, bytes[end] != UInt8(ascii: ";") {
                    end += 1
                }
                if end > nameEnd + 1 { redact(nameEnd + 1..<end, as: Self.stars) }
                index = end
                isFound = true
            }
            guard isFound, byte(at: end) == UInt8(ascii: ";") else { return isFound }
            place = end + 1
            while byte(at: place) == UInt8(ascii: " "), place < end + 3 { place += 1 }
        }
    }

    private func endOfToken(from start: Int) -> Int {
        var end = end(from: start, of: Signs.letter | Signs.digit | Signs.joint | Signs.token)
        while end > start, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        while byte(at: end) == UInt8(ascii: "=") { end += 1 }
        return end
    }

    /// Whether what stands there looks made by chance, and not like a word.
    private func isRandom(_ start: Int, _ end: Int) -> Bool {
        var hasSmall = false
        var hasCapital = false
        for place in start..<end {
            switch bytes[place] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): return true
            case UInt8(ascii: "a")...UInt8(ascii: "z"): hasSmall = true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): hasCapital = true
            default: break
            }
        }
        return hasSmall && hasCapital
    }

    /// Whether it may be a secret: a long one, or one that looks made by chance besides its first letter.
    private func isLikely(_ start: Int, _ end: Int) -> Bool { end - start >= 20 || isRandom(start + 1, end) }

    // MARK: - Identity numbers and bank accounts

    /// A Singapore NRIC or FIN: S, T, F, G or M, seven digits, a letter.
    private mutating func identity() -> Bool {
        let end = index + 9
        guard end <= bytes.count, "STFGM".utf8.contains(bytes[index] & 0xDF), !isAlphanumeric(end),
            kind(at: end - 1) & Signs.letter != 0, (index + 1..<end - 1).allSatisfy(isDigit)
        else { return false }
        redact(index..<end, as: Array("S***REDACTED***".utf8))
        return true
    }

    /// A bank account (IBAN), also in groups with blanks between.
    private mutating func account() -> Bool {
        guard kind(at: index) & kind(at: index + 1) & Signs.letter != 0, isDigit(index + 2), isDigit(index + 3),
            let length = CheckDigits.accountLength(of: (bytes[index] & 0xDF, bytes[index + 1] & 0xDF))
        else { return false }
        var account: [UInt8] = []
        var place = index
        while account.count < length {
            if isAlphanumeric(place) {
                account.append(isDigit(place) ? bytes[place] : bytes[place] & 0xDF)
            } else if !isSeparator(byte(at: place)) || !isAlphanumeric(place + 1) {
                return false
            }
            place += 1
        }
        guard !isAlphanumeric(place), CheckDigits.isAccount(account) else { return false }
        redact(index..<place, as: Array(account.prefix(2)) + Self.stars + Array(account.suffix(4)))
        return true
    }

    func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == Signs.hiddenBlank
    }
}
