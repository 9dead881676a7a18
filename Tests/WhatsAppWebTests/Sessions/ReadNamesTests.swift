import Testing

@testable import WhatsAppWeb

struct ReadNamesTests {
    private func name(_ number: Int) -> ReadNames.Name {
        ReadNames.Name(message: UInt64(number), receipt: UInt64(number + 1_000_000))
    }

    /// What another process makes of what is stored.
    private func afterRestart(_ names: ReadNames, with more: [ReadNames.Name] = []) -> ReadNames {
        var restarted = ReadNames()
        restarted.load(names.serialized(with: more))
        return restarted
    }

    @Test func `what the server may deliver again is known after a restart`() {
        var names = ReadNames()
        for number in 1...3 { names.insert(name(number)) }
        names.confirm(name(2).receipt)
        let restarted = afterRestart(names, with: [name(4)])
        #expect([1, 3, 4].allSatisfy { restarted.contains(name($0)) })
        #expect(!restarted.contains(name(2)) && names.contains(name(2)))
        #expect(restarted.isLoaded && !names.isLoaded)
    }

    @Test func `what the server has not delivered again twice is stored no longer`() {
        var names = ReadNames()
        names.insert(name(1))
        names.queueIsEmpty()
        names.insert(name(2))
        names.queueIsEmpty()
        #expect(afterRestart(names).contains(name(1)))
        names.queueIsEmpty()
        #expect(!afterRestart(names).contains(name(1)) && afterRestart(names).contains(name(2)))
        #expect(names.contains(name(1)))
    }

    @Test func `memory and store are bounded, and the latest are kept`() {
        var names = ReadNames()
        for number in 0..<(ReadNames.remembered + 10) { names.insert(name(number)) }
        #expect(!names.contains(name(9)) && names.contains(name(10)))
        #expect(names.serialized(with: []).count == 1 + 16 * ReadNames.stored)
        let restarted = afterRestart(names, with: [name(50_000)])
        #expect(restarted.contains(name(50_000)) && restarted.contains(name(ReadNames.remembered + 9)))
        #expect(!restarted.contains(name(ReadNames.remembered + 10 - ReadNames.stored)))
    }

    @Test(arguments: [nil, [], [1, 2, 3], [9] + [UInt8](repeating: 1, count: 16)] as [[UInt8]?])
    func `damage says nothing`(_ bytes: [UInt8]?) {
        var names = ReadNames()
        names.load(bytes)
        #expect(names.isLoaded && names.serialized(with: []) == [1])
    }
}
