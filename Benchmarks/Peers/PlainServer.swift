import Foundation

/// An HTTP/1.1 server on one thread with next to no cost of its own, for what it serves shares the machine with what is
/// measured. It knows keep-alive, `Content-Length`, and answers that come late; nothing else.
final class PlainServer: Sendable {
    let port: Int
    /// Closing it ends the thread.
    private let stop: Int32

    /// Listens at once, and serves as long as it is held.
    init(_ name: String, respond: @escaping @Sendable (PlainRequest) -> PlainResponse) throws {
        let listener = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        port = try LocalPort.listen(on: listener, backlog: 1024)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw BenchmarkFailure("no pipe can be made") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        stop = ends[1]
        let stopped = ends[0]
        let thread = Thread {
            var loop = PlainServerLoop(listener: listener, stopped: stopped, respond: respond)
            loop.run()
        }
        thread.name = name
        thread.start()
    }

    deinit { close(stop) }
}

/// The loop of a `PlainServer` over poll(2).
private struct PlainServerLoop {
    private struct Connection {
        /// Tells this connection from a later one with the same descriptor.
        let number: Int
        var unread: [UInt8] = []
    }
    private struct LateAnswer {
        let descriptor: Int32
        let connection: Int
        let due: ContinuousClock.Instant
        let bytes: [UInt8]
    }

    private let respond: @Sendable (PlainRequest) -> PlainResponse
    /// The listener, the end of the pipe, then the connections.
    private var watched: [pollfd]
    private var connections: [Int32: Connection] = [:]
    private var late: [LateAnswer] = []
    private var nextNumber = 0
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(listener: Int32, stopped: Int32, respond: @escaping @Sendable (PlainRequest) -> PlainResponse) {
        self.respond = respond
        watched = [listener, stopped].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    }

    mutating func run() {
        while true {
            _ = poll(&watched, nfds_t(watched.count), timeout)
            if watched[1].revents != 0 { return end() }
            if watched[0].revents != 0 { accept(watched[0].fd) }
            for event in watched.dropFirst(2) where event.revents != 0 { read(event.fd) }
            watched.removeAll { $0.fd < 0 }
            answerLate()
        }
    }

    private mutating func accept(_ listener: Int32) {
        while true {
            let descriptor = Foundation.accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            var on: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            nextNumber += 1
            connections[descriptor] = Connection(number: nextNumber)
            watched.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        }
    }

    private mutating func read(_ descriptor: Int32) {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else {
            if count == 0 || (errno != EAGAIN && errno != EINTR) { drop(descriptor) }
            return
        }
        connections[descriptor]?.unread.append(contentsOf: buffer[..<count])
        while let connection = connections[descriptor], !connection.unread.isEmpty {
            switch PlainRequest.read(connection.unread[...]) {
            case .incomplete: return
            case .unreadable: return drop(descriptor)
            case .request(let request, let length):
                let response = respond(request)
                connections[descriptor]?.unread.removeFirst(length)
                if response.delay > .zero {
                    late.append(
                        LateAnswer(
                            descriptor: descriptor, connection: connection.number, due: .now + response.delay,
                            bytes: response.bytes))
                } else {
                    write(response.bytes, to: descriptor)
                }
            }
        }
    }

    private mutating func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var wish = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                guard poll(&wish, 1, 1000) > 0 else { return drop(descriptor) }
            } else if errno != EINTR {
                return drop(descriptor)
            }
        }
    }

    /// Milliseconds to the next late answer; -1 when there is none.
    private var timeout: Int32 {
        guard let next = late.map(\.due).min() else { return -1 }
        return max(0, Int32((next - .now).inMilliseconds.rounded(.up)))
    }

    private mutating func answerLate() {
        guard !late.isEmpty else { return }
        let now = ContinuousClock.now
        let due = late.filter { $0.due <= now }
        late.removeAll { $0.due <= now }
        for answer in due where connections[answer.descriptor]?.number == answer.connection {
            write(answer.bytes, to: answer.descriptor)
        }
    }

    private mutating func drop(_ descriptor: Int32) {
        connections[descriptor] = nil
        for index in watched.indices where watched[index].fd == descriptor { watched[index].fd = -1 }
        close(descriptor)
    }

    private mutating func end() {
        for entry in watched where entry.fd >= 0 { close(entry.fd) }
    }
}
