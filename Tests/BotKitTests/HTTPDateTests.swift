import BotKit
import Foundation
import Testing

@Suite struct HTTPDateTests {
    @Test(
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0), ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000),
            ("Sat, 31 Dec 2050 23:59:59 GMT", 2_556_143_999), ("Sat, 31 Foo 2050 23:59:59 GMT", nil),
            ("Sat, 31 Dec 2050 25:59:59 GMT", nil), ("", nil), ("Sat, 31 Dec", nil),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sun, 06 Nov 1994 08:49:37", nil), ("yesterday", nil),
            (String(repeating: "9", count: 5_000), nil),
        ] as [(String, Double?)])
    func `reads dates of HTTP`(text: String, seconds: Double?) {
        #expect(HTTPDate.parse(text)?.timeIntervalSince1970 == seconds)
    }
}
