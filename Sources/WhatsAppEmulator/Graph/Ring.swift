/// Keeps the newest elements within a count and a size, in the order of arrival.
struct Ring<Element> {
    private var elements: [Element?] = []
    private var first = 0
    private var bytes = 0
    private let capacity: Int
    private let capacityBytes: Int
    private let size: @Sendable (Element) -> Int

    /// How many elements are kept now.
    private(set) var count = 0
    /// How many elements were pushed out since the last `removeAll`.
    private(set) var evicted = 0

    /// - Parameters:
    ///   - capacity: the most elements to keep; 0 keeps none.
    ///   - capacityBytes: the most bytes to keep, as `size` measures them.
    init(capacity: Int, capacityBytes: Int = .max, size: @escaping @Sendable (Element) -> Int = { _ in 0 }) {
        self.capacity = max(0, capacity)
        self.capacityBytes = capacityBytes
        self.size = size
    }

    /// Adds `element` and gives up the oldest ones when there is no room.
    mutating func append(_ element: Element) {
        guard capacity > 0 else {
            evicted += 1
            return
        }
        if count == capacity { removeFirst() }
        if count == elements.count {
            if first != 0 { (elements, first) = (all, 0) }
            elements.append(element)
        } else {
            elements[(first + count) % elements.count] = element
        }
        count += 1
        bytes += size(element)
        while bytes > capacityBytes, count > 1 { removeFirst() }
    }

    private mutating func removeFirst() {
        guard let element = elements[first] else { return }
        bytes -= size(element)
        elements[first] = nil
        first = (first + 1) % elements.count
        count -= 1
        evicted += 1
        if count == 0 { first = 0 }
    }

    /// Forgets everything.
    mutating func removeAll() {
        elements.removeAll()
        (first, count, bytes, evicted) = (0, 0, 0, 0)
    }

    /// The kept elements, oldest first.
    var all: [Element] {
        (0..<count).compactMap { elements[(first + $0) % elements.count] }
    }
}

extension Ring: Sendable where Element: Sendable {}
