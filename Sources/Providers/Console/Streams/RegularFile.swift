import Foundation

/// Why a file cannot be read, to be put after its name.
enum FileProblem: String, Error {
    case missing = "does not exist"
    case notAFile = "is no regular file"
    case tooLarge = "is too large"
    case unreadable = "cannot be read"
}

/// A regular file that is read whole, up to a limit. Pipes and devices are refused without waiting for them.
struct RegularFile: Sendable {
    let path: String

    /// Its size in bytes.
    func size() throws(FileProblem) -> Int {
        let (descriptor, size) = try open()
        close(descriptor)
        return size
    }

    func read(maxBytes: Int) throws(FileProblem) -> Data {
        let (descriptor, size) = try open()
        defer { close(descriptor) }
        guard size <= maxBytes else { throw .tooLarge }
        var data = Data(capacity: size)
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &part, part.count)
            if count == 0 { return data }
            if count < 0 {
                if errno == EINTR { continue }
                throw .unreadable
            }
            data.append(contentsOf: part[..<count])
            // It may grow while it is read.
            guard data.count <= maxBytes else { throw .tooLarge }
        }
    }

    private func open() throws(FileProblem) -> (descriptor: Int32, size: Int) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .notAFile
        }
        return (descriptor, Int(status.st_size))
    }
}
