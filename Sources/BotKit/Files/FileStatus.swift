import Foundation

/// What stands at a path: kind, owner and mode.
struct FileStatus: Equatable, Sendable {
    enum Kind: Sendable { case file, folder, link, other }

    let kind: Kind
    /// The number of the user whom it belongs to.
    let owner: UInt32
    /// The lower twelve bits.
    let mode: UInt32

    /// Whether others than the owner may read, write or enter it.
    var isOpen: Bool { mode & 0o077 != 0 }
    var isOurs: Bool { owner == geteuid() }

    /// - Parameter followsLinks: whether a link is what it leads to.
    /// - Returns: `nil` when there is nothing, or nothing that can be seen.
    init?(_ path: String, followsLinks: Bool = false) {
        var status = stat()
        guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        owner = status.st_uid
        mode = status.st_mode & 0o7777
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .folder
        case S_IFLNK: kind = .link
        default: kind = .other
        }
    }
}
