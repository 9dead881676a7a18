/// Cuts a stream of bytes into lines; what is longer than the limit is dropped and told once.
struct LineSplitter: Sendable {
    enum Line: Sendable, Hashable {
        /// Without the line's end.
        case bytes([UInt8])
        case tooLong
    }

    private let limit: Int
    private var rest: [UInt8] = []
    private var isSkipping = false

    /// - Parameter limit: the most bytes of a line.
    init(limit: Int = 1_048_576) { self.limit = limit }

    /// The lines that end in `bytes`.
    mutating func take(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: 0x0A) {
            if let line = close(with: bytes[start..<end]) { lines.append(line) }
            start = end + 1
        }
        if let tooLong = add(bytes[start...]) { lines.append(tooLong) }
        return lines
    }

    /// The last line when nothing ended it.
    mutating func finish() -> Line? { rest.isEmpty && !isSkipping ? nil : close(with: []) }

    private mutating func add(_ part: ArraySlice<UInt8>) -> Line? {
        guard !isSkipping else { return nil }
        rest += part
        guard rest.count > limit + 1 else { return nil }
        rest = []
        isSkipping = true
        return .tooLong
    }

    private mutating func close(with part: ArraySlice<UInt8>) -> Line? {
        let tooLong = add(part)
        defer {
            rest = []
            isSkipping = false
        }
        if isSkipping { return tooLong }
        if rest.last == 0x0D { rest.removeLast() }
        return rest.count > limit ? .tooLong : .bytes(rest)
    }
}
