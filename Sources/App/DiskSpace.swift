import Foundation

/// The room that is left on the disk of a folder.
struct DiskSpace {
    let folder: URL
    /// `nil` when it cannot be measured.
    let freeBytes: UInt64?
    /// The part of the disk that is free; `nil` when it cannot be measured.
    let freePercent: Double?

    /// Below this a disk counts as full: not even a small message may find room any more.
    private static let fullBytes: UInt64 = 256 << 10
    /// Below this an operator should act.
    private static let scarceBytes: UInt64 = 200 << 20

    init(of folder: URL) {
        self.folder = folder
        // What other users than the administrator may still use; a reserve is not for us.
        var status = statvfs()
        let isMeasured = statvfs(folder.path, &status) == 0
        freeBytes = isMeasured ? UInt64(status.f_bavail) * UInt64(status.f_frsize) : nil
        // The reserve counts as used, as df(1) has it.
        let usable = UInt64(status.f_blocks) - UInt64(status.f_bfree) + UInt64(status.f_bavail)
        freePercent = isMeasured && usable > 0 ? Double(status.f_bavail) * 100 / Double(usable) : nil
    }

    var isFull: Bool { freeBytes.map { $0 < Self.fullBytes } ?? false }

    /// What `martlet doctor` says about it.
    var finding: Finding {
        guard let freeBytes else {
            return .problem("cannot be measured", remedy: "Check that \(folder.path) exists and is mounted.")
        }
        let megabytes = freeBytes >> 20
        if isFull {
            return .problem(
                "is full; nothing can be stored, and networks are told to deliver later",
                remedy: "Free some space on the disk of \(folder.path). Martlet goes on by itself.")
        }
        return freeBytes < Self.scarceBytes
            ? .problem("only \(megabytes) MB are free", remedy: "Free some space on the disk of \(folder.path).")
            : .ok("\(megabytes) MB are free")
    }
}
