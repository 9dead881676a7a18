import Testing

@testable import WhatsAppKeys

@Suite struct SecretBytesTests {
    @Test func `never prints`() {
        let secret = SecretBytes(Array("Hunter2Hunter2".utf8))
        let pair = KeyPair.random()
        let holder = [(secret, pair, SigningKey(pair))]
        var dumped = ""
        dump(holder, to: &dumped)
        let texts = ["\(secret)", String(reflecting: secret), "\(holder)", String(reflecting: holder), dumped]
        let secrets = [secret, pair.privateKey, SigningKey(pair).scalar].map { $0.exposed() }
        for text in texts {
            #expect(!text.contains("Hunter2"))
            for bytes in secrets {
                #expect(!text.contains(bytes.prefix(4).map { "\($0)" }.joined(separator: ", ")))
            }
        }
        #expect("\(secret)" == "SecretBytes(14)")
    }

    @Test func `compares all bytes`() {
        #expect(SecretBytes([1, 2]) == SecretBytes([1, 2]))
        #expect(SecretBytes([1, 2]) != SecretBytes([1, 3]))
        #expect(SecretBytes([1, 2]) != SecretBytes([1, 2, 0]))
        #expect(SecretBytes([]) == SecretBytes([]))
        #expect(ConstantTime.equal([], []) && !ConstantTime.equal([1], []) && ConstantTime.equal([4, 2], [4, 2]))
    }

    @Test func `joins and cuts`() {
        let joined = SecretBytes(joining: [SecretBytes([1, 2]), SecretBytes([]), SecretBytes([3])])
        #expect(joined.exposed() == [1, 2, 3])
        #expect(joined[1..<3].exposed() == [2, 3])
        #expect(joined[2..<9].exposed() == [3])
    }

    @Test func `gives other random bytes each time`() {
        #expect(SecretBytes.random(count: 32) != SecretBytes.random(count: 32))
    }
}
