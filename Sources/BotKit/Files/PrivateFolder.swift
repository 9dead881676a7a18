public import Foundation

/// A folder that nobody but its owner may look into, with files of the same kind.
///
/// A key or a conversation that others could read is not used: the check throws what mends it, as a command.
public struct PrivateFolder: Sendable {
    /// The folder.
    public let url: URL
    /// The setting that names it, for the operator.
    private let setting: String
    /// Whether the folder itself may be a link: one that an operator named may, one that we make may not.
    private let mayBeLink: Bool

    /// - Parameters:
    ///   - setting: what names the folder, for the operator.
    ///   - mayBeLink: whether a link in its place is followed.
    public init(_ url: URL, named setting: String, mayBeLink: Bool = false) {
        self.url = url
        self.setting = setting
        self.mayBeLink = mayBeLink
    }

    /// Makes the folder, closed to others, when it is missing, and the folders above it.
    /// - Throws: `Misconfiguration` when it cannot be made; `Outage` when the disk is full.
    public func make() throws {
        do {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            if (error as? CocoaError)?.code == .fileWriteOutOfSpace {
                throw Outage("disk", "there is no space left")
            }
            throw Misconfiguration(
                setting, "names a folder that cannot be made (\(url.path))",
                remedy: "Make it yourself, owned by the user that runs Martlet, or set \(setting) to another folder.")
        }
    }

    /// - Parameter isPrivate: whether the entry of this name must be closed too; others are left to their owner.
    /// - Throws: `Misconfiguration` with the command that mends it, when folder or entries belong to somebody else, are
    ///   open to others, or are links, which might lead anywhere.
    public func check(_ isPrivate: (_ name: String) -> Bool = { _ in false }) throws {
        let path = url.path
        guard let status = FileStatus(path, followsLinks: mayBeLink), status.kind == .folder else {
            throw Misconfiguration(
                setting, "is no folder (\(path))",
                remedy: "Set \(setting) to a folder\(mayBeLink ? "" : ", which is no link").")
        }
        try check(status, "chown -R \(geteuid()) \(path.shellQuoted)", "chmod 700 \(path.shellQuoted)", path)
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter(isPrivate).sorted()
        try check(names.map { url.appending(path: $0).path })
    }

    private func check(_ paths: [String]) throws {
        // What went away meanwhile is no danger.
        let found = paths.compactMap { path in FileStatus(path).map { (path, status: $0) } }
        if let (link, _) = found.first(where: { $0.status.kind == .link }) {
            let target = URL(filePath: link).resolvingSymlinksInPath().path
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: target, isDirectory: &isFolder)
            // A folder elsewhere may be anybody's: it is not moved by a command of ours.
            let remedy =
                isThere && !isFolder.boolValue
                ? "Put the file itself there: mv -T \(target.shellQuoted) \(link.shellQuoted)"
                : "Remove the link: rm \(link.shellQuoted)"
            throw Misconfiguration(setting, "holds a link, which is not followed (\(link))", remedy: remedy)
        }
        if let (other, _) = found.first(where: { $0.status.kind == .other }) {
            throw Misconfiguration(
                setting, "holds what is neither file nor folder (\(other))",
                remedy: "Move it away: mv -T \(other.shellQuoted) \((other + ".strange").shellQuoted)")
        }
        // One command for all of a kind, so that the next start does not find the next one.
        func command(_ word: String, _ isWrong: (FileStatus) -> Bool) -> String {
            let wrong = found.filter { isWrong($0.status) }.map(\.0.shellQuoted)
            return "\(word) \(wrong.joined(separator: " "))"
        }
        let owner = command("chown \(geteuid())") { !$0.isOurs }
        for (path, status) in found {
            let mode = command(status.kind == .folder ? "chmod 700" : "chmod 600") {
                $0.isOpen && $0.kind == status.kind
            }
            try check(status, owner, mode, path)
        }
    }

    private func check(_ status: FileStatus, _ owner: String, _ mode: String, _ path: String) throws {
        guard status.isOurs else {
            throw Misconfiguration(
                setting, "belongs to another user (\(path))",
                remedy: "Run Martlet as that user, or change the owner: \(owner)")
        }
        guard !status.isOpen else {
            throw Misconfiguration(
                setting, "may be read or written by other users (\(path))", remedy: "Close it: \(mode)")
        }
    }

    /// The folders above it that any user may change, so that somebody could put another folder in its place. Those
    /// where only owners may rename, such as `/tmp`, are none.
    public var changeableParents: [String] {
        var place = url.resolvingSymlinksInPath().deletingLastPathComponent()
        var found: [String] = []
        while true {
            if let status = FileStatus(place.path), status.mode & 0o002 != 0, status.mode & 0o1000 == 0 {
                found.append(place.path)
            }
            guard place.path != "/" else { return found }
            place.deleteLastPathComponent()
        }
    }
}
