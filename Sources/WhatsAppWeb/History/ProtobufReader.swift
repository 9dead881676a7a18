/// Reads the fields of a protobuf message while its bytes come in, without holding more than one field.
struct ProtobufReader {
    /// What was read.
    struct Field: Equatable {
        enum Value: Equatable {
            case number(UInt64)
            /// A number of 4 or 8 bytes.
            case fixed(UInt64)
            case bytes([UInt8])
            /// A message inside begins; its fields follow.
            case begins
            /// The message inside ends.
            case ends
            /// Was not wanted, or too long.
            case skipped
        }
        /// The field's number.
        var number: Int
        var value: Value
    }

    /// What to do with a field of bytes.
    enum Treatment { case read, enter, skip }

    /// Decides by depth (0 is the outermost message), number and length in bytes.
    var treatment: (_ depth: Int, _ number: Int, _ length: Int) -> Treatment = { _, _, _ in .read }
    /// Whether no bytes are wanted at all.
    var skipsAll = false
    /// The deepest that `enter` goes.
    static let deepest = 8

    private var buffer: [UInt8] = []
    private var head = 0
    /// The number of bytes before `head`, from the beginning.
    private var offset = 0
    private var bytesToSkip = 0
    /// The messages that are open: their numbers and where they end.
    private var open: [(number: Int, end: Int)] = []

    init() {}

    /// How many bytes wait to be read.
    var bufferedByteCount: Int { buffer.count - head }

    /// Adds what came.
    mutating func append(_ bytes: some Collection<UInt8>) {
        let skipped = min(bytesToSkip, bytes.count)
        if head == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            head = 0
        }
        guard buffer.isEmpty, skipped > 0 else {
            if head > 1 << 16 {
                buffer.removeFirst(head)
                head = 0
            }
            buffer.append(contentsOf: bytes)
            return
        }
        bytesToSkip -= skipped
        offset += skipped
        buffer.append(contentsOf: bytes.dropFirst(skipped))
    }

    /// The next field; nil if more bytes are needed first.
    /// - Throws: `WebError` with `malformed`.
    mutating func next() throws(WebError) -> Field? {
        skip()
        guard bytesToSkip == 0 else { return nil }
        if let last = open.last, offset >= last.end {
            guard offset == last.end else { throw Self.malformed("a field goes beyond its message") }
            open.removeLast()
            return Field(number: last.number, value: .ends)
        }
        var position = head
        guard let tag = try varint(&position) else { return nil }
        guard let number = Int(exactly: tag >> 3), (1...536_870_911).contains(number) else {
            throw Self.malformed("a field has no number")
        }
        switch tag & 7 {
        case 0:
            guard let value = try varint(&position) else { return nil }
            try advance(to: position)
            return Field(number: number, value: .number(value))
        case 1: return try fixed(number, position, 8)
        case 5: return try fixed(number, position, 4)
        case 2: return try bytes(number, &position)
        default: throw Self.malformed("a field has an unknown form")
        }
    }

    /// Says that nothing more comes.
    /// - Throws: `WebError` with `malformed` if a field or message is open.
    func finish() throws(WebError) {
        guard bytesToSkip == 0, open.isEmpty, head == buffer.count else {
            throw Self.malformed("it ends within a field")
        }
    }

    private mutating func skip() {
        let count = min(bytesToSkip, buffer.count - head)
        bytesToSkip -= count
        head += count
        offset += count
    }

    private mutating func advance(to position: Int) throws(WebError) {
        offset += position - head
        head = position
        if let last = open.last, offset > last.end { throw Self.malformed("a field goes beyond its message") }
    }

    private mutating func fixed(_ number: Int, _ position: Int, _ count: Int) throws(WebError) -> Field? {
        guard buffer.count - position >= count else { return nil }
        var value: UInt64 = 0
        for index in (0..<count).reversed() { value = value << 8 | UInt64(buffer[position + index]) }
        try advance(to: position + count)
        return Field(number: number, value: .fixed(value))
    }

    private mutating func bytes(_ number: Int, _ position: inout Int) throws(WebError) -> Field? {
        guard let count = try varint(&position) else { return nil }
        guard let length = Int(exactly: count), length <= Int(Int32.max) else {
            throw Self.malformed("a field is too long")
        }
        let end = offset + (position - head) + length
        if let last = open.last, end > last.end { throw Self.malformed("a field goes beyond its message") }
        let treatment = skipsAll ? .skip : treatment(open.count, number, length)
        switch treatment {
        case .read:
            guard buffer.count - position >= length else { return nil }
            let value = Array(buffer[position..<position + length])
            try advance(to: position + length)
            return Field(number: number, value: .bytes(value))
        case .enter where open.count < Self.deepest:
            try advance(to: position)
            open.append((number, offset + length))
            return Field(number: number, value: .begins)
        case .enter, .skip:
            try advance(to: position)
            bytesToSkip = length
            skip()
            return Field(number: number, value: .skipped)
        }
    }

    /// Reads a number; nil if it is not all there.
    private func varint(_ position: inout Int) throws(WebError) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < buffer.count {
            let byte = buffer[position]
            position += 1
            guard shift < 63 || byte <= 1 else { throw Self.malformed("a number is too long") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    private static func malformed(_ what: String) -> WebError { WebError(.malformed, "protobuf bytes: \(what)") }
}
