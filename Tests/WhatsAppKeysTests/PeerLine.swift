import Foundation

@testable import WhatsAppKeys

/// A line of Tests/Interop/Vectors/xeddsa.txt, which Tests/Interop/xeddsa_vectors.py writes.
struct PeerLine {
    let privateKey: SecretBytes
    let publicKey: [UInt8]
    let message: [UInt8]
    let signature: [UInt8]
    let secret: [UInt8]

    static func all() throws -> [PeerLine] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: tests.appending(path: "Interop/Vectors/xeddsa.txt"), encoding: .utf8)
        return text.split(separator: "\n").map { line in
            let parts = line.split(separator: " ").map { Hex.bytes($0) }
            return PeerLine(
                privateKey: SecretBytes(parts[1]), publicKey: parts[2], message: parts[3], signature: parts[4],
                secret: parts[5])
        }
    }
}
