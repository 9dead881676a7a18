/// Whether this machine can convert files, for `martlet doctor`.
public struct MediaConverter: Sendable {
    /// Where its program lies; `nil` when there is none, or when its limits could not be set.
    public let path: String?

    /// - Parameter searchPath: folders with colons between them, as in `PATH`.
    public init(searchPath: String) { path = ExternalProgram("ffmpeg", searchPath: searchPath)?.path }
}
