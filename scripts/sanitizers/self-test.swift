// Shows that a sanitizer is silent about what is right and speaks about what is wrong.
// usage: self-test lock|try-lock|race|race-beside-locks|overrun|leak
import Foundation
import Synchronization

final class Shared: @unchecked Sendable {
    let locked = Mutex(0)
    let other = Mutex(0)
    let ready = Atomic(0)
    var bare = 0
}

/// Runs `work` in four threads at once, each of them `turns` times.
func race(turns: Int = 50_000, _ work: @escaping @Sendable (Int) -> Void) {
    let threads = (0..<4).map { number in
        Thread {
            // What the start and the end of a thread order must not order the work.
            shared.ready.add(1, ordering: .sequentiallyConsistent)
            while shared.ready.load(ordering: .sequentiallyConsistent) < 4 { usleep(100) }
            for _ in 0..<turns { work(number) }
        }
    }
    threads.forEach { $0.start() }
    while !threads.allSatisfy(\.isFinished) { usleep(1_000) }
}

final class Node { var next: Node? }

@inline(never) func leak() {
    let node = Node()
    node.next = node
}

let shared = Shared()
let mode = CommandLine.arguments.dropFirst().first
switch mode {
case "lock": race { _ in shared.locked.withLock { $0 += 1 } }
case "try-lock": race { _ in while shared.locked.withLockIfAvailable({ $0 += 1 }) == nil {} }
case "race": race { _ in shared.bare += 1 }
case "race-beside-locks":
    // Both sides hold a contended lock, but not the same one.
    race { number in
        if number % 2 == 0 {
            shared.locked.withLock { _ in shared.bare += 1 }
        } else {
            shared.other.withLock { _ in shared.bare += 1 }
        }
    }
case "overrun":
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 8)
    bytes.initialize(repeating: 0, count: 8)
    print(bytes[Int(getpid()) / Int(getpid()) * 8])
case "leak": for _ in 0..<10 { leak() }
default: exit(64)
}
