import Foundation
import WhatsAppKeys

@testable import WhatsAppWire

/// The fixed inputs and outputs of `Vectors/vectors.json`.
struct Vectors: Decodable {
    struct XML: Decodable {
        let name: String
        let hex: String
    }
    struct Pair: Decodable {
        let `private`: String
        let `public`: String

        func keys() throws -> KeyPair { try KeyPair(privateKey: SecretBytes([UInt8](hex: `private`))) }
    }
    struct XX: Decodable {
        let clientEphemeral: Pair
        let clientStatic: Pair
        let serverEphemeral: Pair
        let serverStatic: Pair
        let certificatePayload: String
        let clientPayload: String
        let firstBytesOnTheWire: String
        let serverHelloFrame: String
        let clientFinishFrame: String
        let firstClientFrame: String
    }
    struct IK: Decodable {
        let message1: String
        let message2: String
        let firstClientCiphertext: String
        let firstServerCiphertext: String
    }
    struct Fallback: Decodable {
        let serverHello: String
        let clientFinish: String
        let clientWriteKey: String
        let clientReadKey: String
    }
    struct Certificate: Decodable {
        let rootPublic: String
        let serverStaticPublic: String
        let chain: String
    }
    struct Phash: Decodable {
        let jids: [String]
        let phash: String
    }

    let binaryXml: [XML]
    let noiseXx: XX
    let noiseIk: IK
    let noiseXxfallback: Fallback
    let certificate: Certificate
    let phash: [Phash]

    static func load() throws -> Vectors {
        let url = try file("vectors.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Vectors.self, from: Data(contentsOf: url))
    }

    static func file(_ name: String) throws -> URL {
        guard let folder = Bundle.module.url(forResource: "Vectors", withExtension: nil) else {
            throw CocoaError(.fileNoSuchFile)
        }
        return folder.appending(path: name)
    }
}

extension [UInt8] {
    /// The bytes that hexadecimal digits write.
    init(hex: String) {
        let digits = hex.compactMap(\.hexDigitValue)
        self = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

/// Runs `act` and gives the code of the `WireError` that it throws; nil if it throws none.
func code(_ act: () throws -> Void) -> WireError.Code? {
    do {
        try act()
        return nil
    } catch let error as WireError {
        return error.code
    } catch {
        return nil
    }
}
