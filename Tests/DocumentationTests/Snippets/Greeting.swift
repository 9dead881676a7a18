import Logging
import WhatsAppWeb
import WhatsAppWire

/// Links a device, writes to somebody, and prints what comes, until the device is unlinked.
func greet(_ logger: Logger) async throws {
    let store = MemoryStore { events in
        for case .message(let message) in events { print(message.content.text ?? "") }
    }
    let client = WebClient(settings: WebSettings(), store: store, logger: logger)
    async let end = client.run()
    for await notice in client.notices {
        if case .qr(let text, _) = notice { print(try QRPicture(text).terminalText()) }
        if case .connection(.online) = notice { break }
    }
    try await client.send(OutgoingMessage(.text("Hello")), to: .phoneNumber("15550000001"))
    print(try await end.message)
}
