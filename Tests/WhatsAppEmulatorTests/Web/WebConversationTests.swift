import TestKit
import Testing
import WhatsAppWeb
import WhatsAppWire

@testable import WhatsAppEmulator

/// The emulated servers and phones with the real client as their peer.
@Suite(.timeLimit(.minutes(15))) struct WebConversationTests {
    @Test func `links by QR, and client and phone read one another`() async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                try await stage.post(
                    "/phone/send", ["account": .string(WebPeer.omer), "to": .string(WebPeer.dana), "text": "shalom"])
                try await dana.text("shalom")
                for index in 1...3 {
                    try await dana.client.send(
                        OutgoingMessage(.text("answer \(index)")), to: .phoneNumber(WebPeer.omer))
                }
                try await stage.until("three answers") {
                    try await stage.texts(of: WebPeer.omer) == ["answer 1", "answer 2", "answer 3"]
                }
                try await nothingWrong(on: stage)
            }
        }
    }

    @Test func `links by a code`() async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.dana, byCode: true) { dana in
                #expect(await dana.client.account?.phoneNumber == .phoneNumber(WebPeer.dana, device: 1))
            }
        }
    }

    @Test func `two clients write to one another, and their phones get copies`() async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                try await WebPeer.linked(to: stage, as: WebPeer.omer) { omer in
                    for index in 1...5 {
                        try await dana.client.send(
                            OutgoingMessage(.text("to omer \(index)")), to: .phoneNumber(WebPeer.omer))
                        try await omer.text("to omer \(index)")
                        try await omer.client.send(
                            OutgoingMessage(.text("to dana \(index)")), to: .phoneNumber(WebPeer.dana))
                        try await dana.text("to dana \(index)")
                    }
                    try await stage.until("the copy") {
                        try await stage.texts(of: WebPeer.omer).contains("to omer 5")
                    }
                    try await nothingWrong(on: stage)
                }
            }
        }
    }

    @Test func `a damaged message is asked for again and read`() async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                try await stage.post("/corrupt", ["jid": "15550000001:1@s.whatsapp.net", "count": 1])
                try await stage.post(
                    "/phone/send", ["account": .string(WebPeer.omer), "to": .string(WebPeer.dana), "text": "damaged"])
                try await dana.text("damaged")
                try await stage.post("/corrupt", ["jid": .string(WebPeer.omer)])
                try await dana.client.send(OutgoingMessage(.text("damaged, too")), to: .phoneNumber(WebPeer.omer))
                try await stage.until("the retry") { try await stage.texts(of: WebPeer.omer).contains("damaged, too") }
                #expect(try await stage.log("could NOT decrypt").count == 1)
            }
        }
    }

    @Test func `what comes twice is told once`() async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                try await stage.post("/duplicate", ["jid": "15550000001:1@s.whatsapp.net", "count": 1])
                for text in ["twice", "last"] {
                    try await stage.post(
                        "/phone/send",
                        ["account": .string(WebPeer.omer), "to": .string(WebPeer.dana), "text": .string(text)])
                }
                try await dana.text("last")
                #expect(dana.heard.messages.count { $0.content.text == "twice" } == 1)
                #expect(try await stage.log("type=\"retry\"").isEmpty)
            }
        }
    }

    @Test func `a message is not lost when its sender uses a key twice`() async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                for text in ["first", "second", "third"] {
                    if text == "second" { try await stage.post("/forget", ["account": .string(WebPeer.omer)]) }
                    try await stage.post(
                        "/phone/send",
                        ["account": .string(WebPeer.omer), "to": .string(WebPeer.dana), "text": .string(text)])
                    try await dana.text(text)
                }
                #expect(dana.heard.messages.count == 3)
            }
        }
    }

    @Test func `both addresses of a user are kept wherever the server names them`() async throws {
        try await WebStage.open { configuration in
            configuration.welcomes = false
        } _: { stage in
            let made = try await stage.post(
                "/phone/group",
                [
                    "account": .string(WebPeer.noa), "subject": "Lab",
                    "participants": [.string(WebPeer.dana), .string(WebPeer.omer)],
                ])
            let group = try #require(made["jid"]?.text.flatMap { JID($0) })
            for (who, action, whom) in [(WebPeer.noa, "promote", WebPeer.omer), (WebPeer.omer, "remove", WebPeer.noa)] {
                try await stage.post(
                    "/phone/group-change",
                    [
                        "account": .string(who), "group": .string("\(group)"), "action": .string(action),
                        "participants": [.string(whom)],
                    ])
            }
            let store = MemoryStore()
            @Sendable func lid(of number: String) -> String? {
                let key = StoreKey(.alias, "\(number)@s.whatsapp.net")
                return store.load([key])[key].map { String(decoding: $0, as: UTF8.self) }
            }
            try await WebPeer.linked(to: stage, as: WebPeer.dana, store: store) { dana in
                #expect(lid(of: WebPeer.noa) == nil && lid(of: WebPeer.omer) == nil)
                // A copy of what the own phone writes.
                try await stage.post(
                    "/phone/send", ["account": .string(WebPeer.dana), "to": .string(WebPeer.omer), "text": "mine"])
                try await stage.until("the copy") { lid(of: WebPeer.omer)?.hasSuffix("@lid") == true }
                // Who made the group is in it no more.
                let info = try await dana.client.groupInfo(of: group)
                #expect(!info.participants.contains { $0.jid == info.creator })
                #expect(lid(of: WebPeer.noa) == info.creator?.description)
            }
        }
    }

    @Test func `what was queued comes after a dropped connection`() async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                let device: EmulatorJSON = "15550000001:1@s.whatsapp.net"
                try await stage.post("/lose", ["jid": device, "count": 2])
                for text in ["lost 1", "lost 2"] {
                    try await stage.post(
                        "/phone/send",
                        ["account": .string(WebPeer.omer), "to": .string(WebPeer.dana), "text": .string(text)])
                }
                try await stage.post("/drop", ["jid": device, "code": "503"])
                try await dana.text("lost 1")
                try await dana.text("lost 2")
                try await stage.until("all to be acknowledged") {
                    try await stage.get("/devices").items?.allSatisfy { $0["pending"]?.whole == 0 } == true
                }
            }
        }
    }

    @Test func `a group of phones and a client`() async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                let made = try await stage.post(
                    "/phone/group",
                    [
                        "account": .string(WebPeer.omer), "subject": "Lab",
                        "participants": [.string(WebPeer.dana), .string(WebPeer.noa)],
                    ])
                let group = try #require(made["jid"]?.text.flatMap { JID($0) })
                try await stage.post(
                    "/phone/send", ["account": .string(WebPeer.noa), "to": .string(group.description), "text": "all"])
                try await dana.text("all")
                try await dana.client.send(OutgoingMessage(.text("to all")), to: group)
                for number in [WebPeer.omer, WebPeer.noa, WebPeer.dana] {
                    try await stage.until("\(number) to read it") {
                        try await stage.texts(of: number).contains("to all")
                    }
                }
                try await nothingWrong(on: stage)
            }
        }
    }

    @Test func `an unlinked client is told so`() async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                try await stage.post("/unlink", ["jid": "15550000001:1@s.whatsapp.net"])
                try await stage.until("the news") {
                    dana.heard.events.contains { if case .unlinked(.removed) = $0 { true } else { false } }
                }
                #expect(try await stage.get("/devices").items?.isEmpty == true)
            }
        }
    }

    private func nothingWrong(on stage: WebStage) async throws {
        for sign in ["REFUSED", "UNHANDLED", "REUSED", "could NOT"] {
            #expect(try await stage.log(sign).isEmpty)
        }
    }
}
