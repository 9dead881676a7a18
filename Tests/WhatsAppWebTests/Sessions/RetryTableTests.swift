import Testing

@testable import WhatsAppWeb

struct RetryTableTests {
    @Test func `a message is sent again four times to a device and no more`() {
        var table = RetryTable()
        #expect((1...5).map { _ in table.next("m/dana") } == [1, 2, 3, 4, nil])
        #expect(table.next("m/omer") == 1)
    }

    @Test func `what a lost connection may have taken with it does not count`() {
        var table = RetryTable()
        for device in ["dana", "omer"] {
            _ = table.next("m/\(device)")
            table.send("m/\(device)", id: "m")
        }
        table.confirm("m")
        table.confirm("another")
        table.takeBackUnconfirmed()
        table.takeBackUnconfirmed()
        #expect(table.count(of: "m/dana") == 1)
        #expect(table.count(of: "m/omer") == 0)
    }

    @Test func `a message that was read is not asked for again`() {
        var table = RetryTable()
        _ = table.next("m")
        table.answer("m")
        table.takeBack("m")
        #expect(table.isAnswered("m"))
        #expect(table.next("m") == nil)
    }
}
