import Crypto
import CryptoExtras
import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto

/// One entry of the app state as it is sealed: the codec of values and their MACs.
struct AppStateRecord {
    /// What is done with an entry. The raw value is WhatsApp's.
    enum Operation: UInt8 { case set = 0, remove = 1 }

    let operation: Operation
    /// 32 bytes.
    let indexMAC: [UInt8]
    /// IV (16 bytes) and ciphertext.
    let sealed: [UInt8]
    /// 32 bytes.
    let valueMAC: [UInt8]
    let keyID: [UInt8]

    /// How long MACs are.
    static let macByteCount = 32
    /// The most bytes of one value.
    static let longestValue = 1 << 20
    /// The most texts of an index.
    static let mostIndexParts = 16

    /// Reads a record.
    /// - Throws: `WebError` with `malformed`.
    init(_ record: WASyncdRecord, _ operation: Operation) throws(WebError) {
        let blob = record.value.blob
        // At least one block of ciphertext behind the IV.
        guard record.index.blob.count == Self.macByteCount, blob.count >= 16 + 16 + Self.macByteCount,
            blob.count <= Self.longestValue, blob.count.isMultiple(of: 16),
            (1...AppStateKey.longestID).contains(record.keyID.id.count)
        else { throw WebError(.malformed, "an entry of the app state has a wrong form") }
        self.operation = operation
        indexMAC = record.index.blob.byteArray
        sealed = Array(blob.dropLast(Self.macByteCount))
        valueMAC = Array(blob.suffix(Self.macByteCount))
        keyID = record.keyID.id.byteArray
    }

    /// Seals an entry.
    /// - Parameter iv: 16 random bytes.
    init(
        index: [String], value: WASyncActionValue, version: Int32, _ operation: Operation, _ keys: AppStateKeys,
        iv: [UInt8]
    ) throws(WebError) {
        let indexBytes = Self.json(index)
        var data = WASyncActionData()
        data.index = Data(indexBytes)
        data.value = value
        data.padding = Data()
        data.version = version
        do {
            let plain: [UInt8] = try data.serializedBytes()
            sealed = iv + Array(try AES._CBC.encrypt(plain, using: keys.value, iv: AES._CBC.IV(ivBytes: iv)))
        } catch { throw WebError(.invalid, "an entry of the app state cannot be sealed") }
        self.operation = operation
        keyID = keys.id
        indexMAC = Self.indexMAC(indexBytes, keys)
        valueMAC = Self.valueMAC(operation, keys.id, sealed, keys)
    }

    /// Checks and opens the entry.
    /// - Throws: `WebError` with `appStateMismatch` if a MAC is wrong, `malformed` if what was sealed is no entry.
    func open(_ keys: AppStateKeys) throws(WebError) -> (index: [String], value: WASyncActionValue) {
        guard ConstantTime.equal(Self.valueMAC(operation, keyID, sealed, keys), valueMAC) else {
            throw WebError(.appStateMismatch, "the MAC of a value of the app state is wrong")
        }
        let data: WASyncActionData
        do {
            let iv = try AES._CBC.IV(ivBytes: sealed[..<16])
            data = try WASyncActionData(
                serializedBytes: Array(try AES._CBC.decrypt(sealed[16...], using: keys.value, iv: iv)))
        } catch { throw WebError(.malformed, "what was sealed in the app state is no entry") }
        let indexBytes = data.index.byteArray
        guard ConstantTime.equal(Self.indexMAC(indexBytes, keys), indexMAC) else {
            throw WebError(.appStateMismatch, "the MAC of an index of the app state is wrong")
        }
        return (Self.index(indexBytes), data.value)
    }

    /// As a protobuf message.
    var record: WASyncdRecord {
        var record = WASyncdRecord()
        record.index.blob = Data(indexMAC)
        record.value.blob = Data(sealed + valueMAC)
        record.keyID.id = Data(keyID)
        return record
    }

    static func indexMAC(_ index: [UInt8], _ keys: AppStateKeys) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: index, using: keys.index))
    }

    /// HMAC-SHA512, cut to 32 bytes, of operation + 1, key id, IV and ciphertext, and the key id's length + 1.
    private static func valueMAC(
        _ operation: Operation, _ keyID: [UInt8], _ sealed: [UInt8], _ keys: AppStateKeys
    ) -> [UInt8] {
        var mac = HMAC<SHA512>(key: keys.valueMAC)
        mac.update(data: [operation.rawValue + 1])
        mac.update(data: keyID)
        mac.update(data: sealed)
        mac.update(data: AppStateVersion.bigEndian(UInt64(keyID.count + 1)))
        return Array(mac.finalize().prefix(macByteCount))
    }

    /// The texts of an index; none if it is no array of texts: what nobody can name, nobody needs.
    private static func index(_ bytes: [UInt8]) -> [String] {
        guard bytes.count <= 1 << 14, let parts = try? JSONDecoder().decode([String].self, from: Data(bytes)),
            parts.count <= mostIndexParts
        else { return [] }
        return parts
    }

    /// An array of texts, byte for byte as other clients write it: it is hashed.
    static func json(_ texts: [String]) -> [UInt8] {
        var json: [UInt8] = [UInt8(ascii: "[")]
        for (number, text) in texts.enumerated() {
            if number > 0 { json.append(UInt8(ascii: ",")) }
            json.append(UInt8(ascii: "\""))
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): json += [UInt8(ascii: "\\"), byte]
                case 0..<0x20:
                    let digits = Array("0123456789abcdef".utf8)
                    json += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                default: json.append(byte)
                }
            }
            json.append(UInt8(ascii: "\""))
        }
        return json + [UInt8(ascii: "]")]
    }
}
