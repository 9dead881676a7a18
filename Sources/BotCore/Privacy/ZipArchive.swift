import BotKit
import CZip
import Foundation

/// Writes ZIP archives with libzip.
enum ZipArchive {
    /// Writes a new archive; files are read while it is written, a piece at a time.
    /// - Parameter entries: the names in the archive, with the files that are to stand there.
    /// - Throws: `Outage` when the disk does not take it.
    static func write(_ entries: [(name: String, file: URL)], to url: URL) throws {
        var code: Int32 = 0
        guard let archive = zip_open(url.path, ZIP_CREATE | ZIP_EXCL, &code) else { throw failure(code) }
        for entry in entries {
            guard let source = zip_source_file(archive, entry.file.path, 0, -1) else { throw discard(archive) }
            guard zip_file_add(archive, entry.name, source, zip_flags_t(ZIP_FL_ENC_UTF_8)) >= 0 else {
                zip_source_free(source)
                throw discard(archive)
            }
        }
        guard zip_close(archive) == 0 else { throw discard(archive) }
    }

    private static func discard(_ archive: OpaquePointer) -> Outage {
        let code = zip_error_code_zip(zip_get_error(archive))
        zip_discard(archive)
        return failure(code)
    }

    private static func failure(_ code: Int32) -> Outage {
        Outage("disk", "an archive cannot be written (libzip \(code)); free some space in MARTLET_HOME")
    }
}
