import Foundation

/// Gives up what this process does not need, so that less is in reach of who gets hold of it or of a program it starts.
enum ProcessHardening {
    /// Whether something in the environment asks for Swift's traces of crashes, which need the program's memory map.
    static func wantsTraces(_ environment: [String: String]) -> Bool {
        environment["SWIFT_BACKTRACE"]?.contains("enable=yes") ?? false
    }

    /// To be called first, before there is a file or another thread.
    ///
    /// New files are closed to others. No program that is started from here gets rights of its file's owner (setuid). A
    /// crash leaves no copy of the memory, which has keys in it; and no other process of the same user, such as a
    /// converter that was taken over by a hostile file, can look into ours.
    static func apply(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
        umask(0o077)
        // One byte: of a limit of none the kernel takes no notice where it hands the copy to a program (core(5)).
        var limit = rlimit(rlim_cur: 1, rlim_max: 1)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        _ = control?(Self.noNewPrivileges, 1, 0, 0, 0)
        if !wantsTraces(environment) { _ = control?(Self.dumpable, 0, 0, 0, 0) }
    }

    /// `PR_SET_DUMPABLE` and `PR_SET_NO_NEW_PRIVS` of prctl(2).
    private static let dumpable: CInt = 4
    private static let noNewPrivileges: CInt = 38

    /// prctl(2). It is declared with arguments that vary, which Swift does not import; on Linux they are handed over
    /// like those of any other function.
    private static let control: (@convention(c) (CInt, UInt, UInt, UInt, UInt) -> CInt)? = dlsym(nil, "prctl").map {
        unsafeBitCast($0, to: (@convention(c) (CInt, UInt, UInt, UInt, UInt) -> CInt).self)
    }
}
