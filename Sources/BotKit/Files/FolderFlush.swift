public import Foundation

/// Makes the names of new files in a folder survive a loss of power. Best effort: what is lost then is made anew.
public enum FolderFlush {
    /// Flushes the folder itself, not the files in it.
    public static func flush(_ folder: URL) {
        let descriptor = open(folder.path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
