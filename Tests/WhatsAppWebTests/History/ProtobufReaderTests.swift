import Testing

@testable import WhatsAppWeb

@Suite struct ProtobufReaderTests {
    private func fields(_ bytes: [UInt8], _ change: (inout ProtobufReader) -> Void = { _ in }) throws
        -> [ProtobufReader.Field]
    {
        var reader = ProtobufReader()
        change(&reader)
        var fields: [ProtobufReader.Field] = []
        for byte in bytes {
            reader.append([byte])
            while let field = try reader.next() { fields.append(field) }
        }
        while let field = try reader.next() { fields.append(field) }
        try reader.finish()
        return fields
    }

    @Test func `reads every form of field, byte by byte`() throws {
        let bytes: [UInt8] = [
            0x08, 0x96, 0x01, 0x11, 1, 0, 0, 0, 0, 0, 0, 0, 0x1D, 2, 0, 0, 0, 0x22, 2, 7, 8, 0x22, 0,
        ]
        #expect(
            try fields(bytes) == [
                .init(number: 1, value: .number(150)), .init(number: 2, value: .fixed(1)),
                .init(number: 3, value: .fixed(2)), .init(number: 4, value: .bytes([7, 8])),
                .init(number: 4, value: .bytes([])),
            ])
    }

    @Test func `enters and skips as it is told`() throws {
        // 1 { 2: 5, 3 "ab" }, 4 "cdef", 5: 1
        let bytes: [UInt8] = [0x0A, 6, 0x10, 5, 0x1A, 2, 97, 98, 0x22, 4, 99, 100, 101, 102, 0x28, 1]
        let read = try fields(bytes) { reader in
            reader.treatment = { depth, number, _ in
                depth == 0 && number == 1 ? .enter : number == 4 ? .skip : .read
            }
        }
        #expect(
            read == [
                .init(number: 1, value: .begins), .init(number: 2, value: .number(5)),
                .init(number: 3, value: .bytes([97, 98])), .init(number: 1, value: .ends),
                .init(number: 4, value: .skipped), .init(number: 5, value: .number(1)),
            ])
    }

    @Test(
        arguments: [
            [0x0B], [0x0C], [0x0E], [0x00, 1], [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02],
            [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0x08], [0x0A, 3, 1], [0x0D, 1],
        ] as [[UInt8]])
    func `refuses what is no message`(_ bytes: [UInt8]) {
        #expect(throws: WebError.self) { try fields(bytes) }
    }

    @Test func `a field that goes beyond its message is refused`() {
        for inner: [UInt8] in [[0x12, 9], [0x10, 0x80, 0x80], [0x15, 1, 2]] {
            #expect(throws: WebError.self) {
                try fields([0x0A, UInt8(inner.count)] + inner + [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) { reader in
                    reader.treatment = { depth, _, _ in depth == 0 ? .enter : .read }
                }
            }
        }
    }

    @Test func `holds no more than the field that is read`() throws {
        var reader = ProtobufReader()
        reader.treatment = { _, _, length in length > 100 ? .skip : .read }
        reader.append([0x0A, 0x80, 0x80, 0x40])
        let first = try reader.next()
        #expect(first?.value == .skipped)
        for _ in 0..<16 {
            reader.append([UInt8](repeating: 1, count: 65_536))
            let field = try reader.next()
            #expect(field == nil)
            #expect(reader.bufferedByteCount == 0)
        }
        try reader.finish()
    }
}
