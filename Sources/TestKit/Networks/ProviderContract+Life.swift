import BotKit

extension ProviderContract {
    static let life: [ProviderContractCase] = [
        ProviderContractCase("a provider that can be reached says so") { network in
            _ = try await open(network)
            try require(await eventually { await network.provider.isConnected }, "it is not connected")
        },
        ProviderContractCase("the member sees that the message was read and that an answer is written") { network in
            let message = try await open(network)
            await network.provider.acknowledge(message, typing: true)
            try require(try await eventually { try await network.isMarkedRead(message.id) }, "not marked as read")
            try require(try await eventually { try await network.isTypingShown() }, "typing is not shown")
        },
        ProviderContractCase("news of what was sent comes with its name") { network in
            let chat = try await open(network).chat
            let id = try await send(.text("did you see?"), to: chat, row: 42, on: network)
            _ = try await shown(id, on: network)
            try await network.read(id)
            let isTold = await eventually {
                network.reports.contains { $0.message == id && $0.event == .reached(.read) }
            }
            try require(isTold, "nobody was told that it was read")
        },
        ProviderContractCase("a chat that was never joined keeps its name") { network in
            let chat = try await open(network).chat
            try expect(try await network.provider.presentName(of: chat), chat, "name")
        },
        ProviderContractCase("it runs until it is told to stop, and then stops") { network in
            _ = try await open(network)
            try await network.shutDown()
        },
    ]
}
