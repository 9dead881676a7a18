import Testing

@testable import WhatsAppKeys

@Suite struct XEdDSATests {
    @Test(arguments: Self.known)
    func `takes signatures with either sign convention`(_ key: String, _ signature: String) throws {
        let key = try PublicKey(Hex.bytes(key))
        let signature = Hex.bytes(signature)
        #expect(XEdDSA.isValid(signature, over: Array("message".utf8), by: key))
        #expect(!XEdDSA.isValid(signature, over: Array("massage".utf8), by: key))
    }

    @Test func `agrees with two other implementations about 200 keys`() throws {
        let lines = try PeerLine.all()
        #expect(lines.count == 200)
        #expect(lines.contains { $0.signature[63] & 0x80 != 0 }, "both conventions must occur")
        var before = lines[0].privateKey
        for line in lines {
            let pair = try KeyPair(privateKey: line.privateKey)
            #expect(pair.publicKey.bytes == line.publicKey)
            #expect(try pair.agree(with: KeyPair(privateKey: before).publicKey).exposed() == line.secret)
            #expect(XEdDSA.isValid(line.signature, over: line.message, by: pair.publicKey))
            let own = XEdDSA.sign(line.message, with: SigningKey(pair))
            #expect(XEdDSA.isValid(own, over: line.message, by: pair.publicKey))
            #expect(own[63] & 0x80 == 0)
            before = line.privateKey
        }
    }

    @Test func `never signs twice with the same randomness`() throws {
        let key = SigningKey.random()
        let random = SecretBytes([UInt8](repeating: 9, count: 64))
        #expect(XEdDSA.sign([1], with: key, random: random) == XEdDSA.sign([1], with: key, random: random))
        #expect(XEdDSA.sign([1], with: key) != XEdDSA.sign([1], with: key))
    }

    @Test func `refuses every changed bit`() throws {
        let key = SigningKey.random()
        let signature = XEdDSA.sign([1, 2, 3], with: key)
        for bit in 0..<512 {
            var changed = signature
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!XEdDSA.isValid(changed, over: [1, 2, 3], by: key.publicKey), "bit \(bit)")
        }
        #expect(!XEdDSA.isValid(signature, over: [1, 2, 3], by: KeyPair.random().publicKey))
    }

    @Test(arguments: [0, 1, 63, 65, 128])
    func `refuses a signature of another length`(_ count: Int) {
        #expect(!XEdDSA.isValid([UInt8](repeating: 0, count: count), over: [], by: KeyPair.random().publicKey))
    }

    @Test func `refuses s that is not below q`() throws {
        let key = SigningKey.random()
        var signature = XEdDSA.sign([], with: key)
        let order = Hex.bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        var carry = 0
        for index in 0..<32 {
            let sum = Int(signature[32 + index]) + Int(order[index]) + carry
            signature[32 + index] = UInt8(sum & 0xFF)
            carry = sum >> 8
        }
        #expect(signature[63] & 0x80 == 0)
        #expect(!XEdDSA.isValid(signature, over: [], by: key.publicKey))
    }

    @Test(arguments: Weak.keys)
    func `refuses keys of small order and keys not below p`(_ key: String) throws {
        let key = try PublicKey(Hex.bytes(key))
        // With a key of small order, R = sB with s = 0 would pass for some messages.
        let signature = [1] + [UInt8](repeating: 0, count: 63)
        for byte in UInt8.min...UInt8.max { #expect(!XEdDSA.isValid(signature, over: [byte], by: key)) }
    }

    @Test func `a stored signing key signs like the fresh one`() throws {
        for _ in 0..<8 {
            let key = SigningKey.random()
            let stored = try SigningKey(key.pair, storedWith: key.point)
            #expect(stored == key)
            #expect(XEdDSA.isValid(XEdDSA.sign([7], with: stored), over: [7], by: key.publicKey))
        }
        #expect(throws: KeyError.self) { try SigningKey(.random(), storedWith: [1]) }
    }

    /// Public keys and signatures over "message", computed by an independent implementation.
    static let known = [
        (
            "4fa81de0dedc4ff02f8d8cffd486b7d2bd621e01b7813abcf2f4cd683828a54e",
            "13064357800be9995bc3e680df19cd4dc82d120a478a015357d37f6df7ff8349"
                + "fd00506e9f48bde07d3da30c3f3c921ce4e41506505705d3a2417d239be98f0c"
        ),
        (
            "17d7e2acd30bf5e19d861ae80988d17fae8f662f5d80b0053f6cc73cdab1d264",
            "ba6de53e9c9b2a8e0e15ce212f92d5cc0add95e0cc1fccd6838334790d455228"
                + "62a7ed3917aadbd77b0ff29be082e895d07892a07962a5deb3ef43aef66ac90d"
        ),
        (
            "07aaff3e9fc167275544f4c3a6a17cd837f2ec6e78cd8a57b1e3dfb3cc035a76",
            "9d7c98846a14b6e9249f3146d408c0b7579ff7c4f2fc533329542d32f4c007cc"
                + "fc1000ef0e191b1763d8281a1eb24db65b13d0f8fb3292864f1b65fed0cb430f"
        ),
        (
            "45c7e0150b2d6ab9f25c8257194b1498c74222181369b5e1ff0d97a985159a53",
            "bc8c8e3b7a0bdd4517c9b196c3dd8595b9a747cc980d704e4433814d84cece38"
                + "34688e887ee044713cb34bac6bcf36b8ffad4563fd8f34311f569ede9a30ee00"
        ),
    ]
}
