import Foundation
import Testing

@testable import WhatsAppWire

@Suite struct TokenTests {
    private struct Tables: Decodable {
        let singleByte: [String]
        let doubleByte: [[String]]
    }

    @Test func `the generated tables are those of the dictionary`() throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let tables = try decoder.decode(Tables.self, from: Data(contentsOf: Vectors.file("tokens.json")))
        #expect(TokenTable.single == tables.singleByte)
        #expect(TokenTable.double == tables.doubleByte.flatMap { $0 })
    }

    @Test func `each token is found and nothing else`() {
        for (index, text) in TokenTable.single.enumerated() where index > 0 {
            #expect(Token.code(of: text) == Token.Code(index))
        }
        for (index, text) in TokenTable.double.enumerated() { #expect(Token.code(of: text) == Token.Code(256 + index)) }
        var texts = RandomNodes(seed: 9)
        let all = Set(TokenTable.single + TokenTable.double)
        for _ in 0..<2_000 {
            let text = texts.text(notEmpty: true)
            #expect((Token.code(of: text) != 0) == all.contains(text))
        }
        #expect(Token.code(of: "") == 0)
        #expect(Token.code(of: String(repeating: "a", count: 10_000)) == 0)
    }
}
