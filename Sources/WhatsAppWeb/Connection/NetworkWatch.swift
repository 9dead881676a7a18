import NIOCore

/// Notices that the machine is on another network, by the addresses that it has there.
///
/// What changes behind them, such as the network of a container's host, shows only in the silence of the server.
struct NetworkWatch: Sendable {
    /// Tells the addresses that the machine has now.
    typealias Addresses = @Sendable () -> Set<String>

    /// Those of the system that others can reach; none when they cannot be had.
    static let ofSystem: Addresses = {
        let addresses = ((try? System.enumerateDevices()) ?? []).compactMap { $0.address?.ipAddress }
        // Those that every machine gives itself come and go with containers and cables.
        let own = ["127.", "::1", "169.254.", "fe80:"]
        return Set(addresses.filter { address in !own.contains { address.hasPrefix($0) } })
    }

    private let addresses: Addresses
    private var known: Set<String>

    init(_ addresses: @escaping Addresses) {
        self.addresses = addresses
        known = addresses()
    }

    /// Whether the addresses are others than at the last call.
    mutating func hasMoved() -> Bool {
        let now = addresses()
        defer { known = now }
        return now != known
    }
}
