/// Follows the hash over a collection through the entries of one patch.
struct AppStateHasher {
    private(set) var hash: LatticeHash
    /// What earlier entries of the patch did: a value MAC, or nil for a removal.
    private var changed: [[UInt8]: [UInt8]?] = [:]

    init(hash: LatticeHash) { self.hash = hash }

    /// Takes an entry.
    ///
    /// A removal of what is not there changes nothing: phones send such.
    /// - Parameter previous: the value MAC before the patch, by index MAC.
    mutating func apply(_ record: AppStateRecord, previous: ([UInt8]) -> [UInt8]?) {
        let before: [UInt8]? =
            if let earlier = changed[record.indexMAC] { earlier } else { previous(record.indexMAC) }
        if let before { hash.remove(before) }
        switch record.operation {
        case .set:
            hash.add(record.valueMAC)
            changed[record.indexMAC] = .some(record.valueMAC)
        case .remove: changed[record.indexMAC] = .some(nil)
        }
    }
}
