import Foundation
import Synchronization

/// The terminal that a person types in, key by key instead of line by line while it is taken.
final class Terminal: Sendable {
    private let descriptor: Int32
    private let saved = Mutex<termios?>(nil)

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// The terminal of the process; `nil` when its input or its output is none.
    static var standard: Terminal? {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
        if let kind = getenv("TERM"), String(cString: kind) == "dumb" { return nil }
        return Terminal(descriptor: STDIN_FILENO)
    }

    /// Has the keys come singly and unseen. Signals by key are off too: Ctrl-C is a key for the editor.
    func takeKeys() {
        var mode = termios()
        guard tcgetattr(descriptor, &mode) == 0 else { return }
        saved.withLock { if $0 == nil { $0 = mode } }
        mode.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        mode.c_iflag &= ~tcflag_t(ICRNL | INLCR | IXON)
        _ = tcsetattr(descriptor, TCSANOW, &mode)
    }

    /// Leaves it as it was.
    func giveBack() {
        guard
            var mode = saved.withLock({ mode in
                defer { mode = nil }
                return mode
            })
        else { return }
        _ = tcsetattr(descriptor, TCSANOW, &mode)
    }
}
