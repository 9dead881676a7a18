import CZlib

/// zlib compression of a whole.
public enum Deflater {
    /// `bytes` compressed, with zlib's header and checksum.
    /// - Throws: `WireError` with `compression` if there is no memory.
    public static func deflate(_ bytes: [UInt8]) throws(WireError) -> [UInt8] {
        var status = Z_OK
        let result = [UInt8](unsafeUninitializedCapacity: Int(compressBound(uLong(bytes.count)))) { output, count in
            var length = uLong(output.count)
            status = compress2(output.baseAddress, &length, bytes, uLong(bytes.count), Z_DEFAULT_COMPRESSION)
            count = status == Z_OK ? Int(length) : 0
        }
        guard status == Z_OK else { throw WireError(.compression, "zlib cannot compress: status \(status)") }
        return result
    }
}
