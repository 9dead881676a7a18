extension GraphAPI {
    /// `POST /{phone-number-id}/messages`.
    func messages(_ call: EmulatorCall, _ number: BusinessNumber) async -> EmulatorReply {
        let request: MessagesCall
        do throws(EmulatedError) {
            request = try MessagesCall(try call.json())
        } catch {
            await world.refuse(error, from: number, body: call.body)
            return .failure(error)
        }
        let reception = await world.receive(request, from: number, body: call.body)
        for delivery in reception.deliveries { await sender.send(delivery) }
        switch reception.ending {
        case .answer(let json, let delay):
            try? await RealTime.pass(delay)
            return .json(json)
        case .failure(let error): return .failure(error)
        case .page(let status): return .page(status)
        case .silence(let hold): return .silence(hold)
        case .cut: return .cut
        }
    }
}
