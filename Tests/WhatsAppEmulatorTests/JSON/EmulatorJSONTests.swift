import Testing

@testable import WhatsAppEmulator

@Suite struct EmulatorJSONTests {
    @Test(arguments: [
        #"{"a":[1,-2.5,true,false,null,"x"],"b":{}}"#, "[]", #""\"""#, "0", #"{"עברית":"שלום"}"#,
    ])
    func `writes what it read`(text: String) throws {
        #expect(try EmulatorJSON.parse(text).description == text)
    }

    @Test(arguments: [
        "", "{", "[1,]", #"{"a":1,}"#, #"{"a" 1}"#, "01", "1.", "+1", "nul", #""\x""#, #""\u12""#, "\"a\nb\"", "1 2",
        "1e999",
    ])
    func `refuses what is not JSON`(text: String) {
        #expect(throws: JSONFailure.self) { try EmulatorJSON.parse(text) }
    }

    @Test func `refuses deep nesting instead of overflowing the stack`() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: JSONFailure.self) { try EmulatorJSON.parse(text) }
    }

    @Test func `refuses bytes that are not UTF-8`() {
        #expect(throws: JSONFailure.self) { try EmulatorJSON.parse([0x22, 0xFF, 0x22]) }
    }

    @Test func `reads escapes, pairs and lone halves`() throws {
        #expect(try EmulatorJSON.parse(#""\u05e9\/\n\ud83d\udc4d""#).text == "ש/\n👍")
        #expect(try EmulatorJSON.parse(#""\ud83dx""#).text == "\u{FFFD}x")
    }

    @Test func `escapes as Meta does`() throws {
        let json: EmulatorJSON = ["body": "ש 👍 a/b \"q\" \n\u{1}"]
        let expected = #"{"body":"\u05e9 \ud83d\udc4d a\/b \"q\" \n\u0001"}"#
        #expect(String(decoding: json.encoded(.meta), as: UTF8.self) == expected)
        #expect(try EmulatorJSON.parse(expected) == json)
    }

    @Test func `a null member counts as absent`() throws {
        #expect(try EmulatorJSON.parse(#"{"a":null}"#)["a"] == nil)
    }
}

@Suite struct RingTests {
    @Test func `keeps the newest within the count`() {
        var ring = Ring<Int>(capacity: 3)
        for number in 1...10 { ring.append(number) }
        #expect(ring.all == [8, 9, 10])
        #expect(ring.evicted == 7)
    }

    @Test func `keeps the newest within the bytes, and grows again`() {
        var ring = Ring<Int>(capacity: 100, capacityBytes: 10, size: { $0 })
        for number in [4, 4, 4, 9, 1, 1, 1, 1, 1, 1] { ring.append(number) }
        #expect(ring.all == [1, 1, 1, 1, 1, 1])
        for _ in 0..<20 { ring.append(1) }
        #expect(ring.all == Array(repeating: 1, count: 10))
    }

    @Test func `keeps nothing without capacity`() {
        var ring = Ring<Int>(capacity: 0)
        ring.append(1)
        #expect(ring.all.isEmpty)
    }
}
