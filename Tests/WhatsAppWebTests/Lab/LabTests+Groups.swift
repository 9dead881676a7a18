import Foundation
import TestKit
import Testing
import WhatsAppSignal
import WhatsAppWire

@testable import WhatsAppWeb

extension LabTests {
    private static let dana = JID.phoneNumber("15550000001")
    private static let omer = JID.phoneNumber("15550000002")
    private static let ruth = JID.phoneNumber("15550000003")

    /// Two linked clients, Dana's and Omer's, and a third account that has only its phone.
    private func three(_ body: @escaping @Sendable (Lab, LabClient, LabClient) async throws -> Void) async throws {
        try await Lab.running { lab in
            for (user, name) in [(Self.dana, "Dana"), (Self.omer, "Omer"), (Self.ruth, "Ruth")] {
                try await lab.post("/account", ["number": user.user, "name": name])
            }
            try await LabClient.linked(to: lab, as: Self.dana.user) { dana in
                try await LabClient.linked(to: lab, as: Self.omer.user) { omer in try await body(lab, dana, omer) }
            }
        }
    }

    @Test func `writes and reads in a group`() async throws {
        try await three { lab, dana, omer in
            let (group, failed) = try await dana.client.createGroup(
                "Plans", members: [Self.omer, Self.ruth, .phoneNumber("15550000009")])
            #expect(group.participants.count == 3)
            #expect(failed.map(\.error) == [404])
            #expect(group.role(of: Self.dana) == .creator)
            let told = try await omer.groupChange { if case .created = $0 { true } else { false } }
            #expect(told.group == group.id)
            #expect(try await dana.client.listGroups().map(\.id) == [group.id])

            try await dana.client.send(OutgoingMessage(.text("who comes?")), to: group.id)
            try await dana.client.send(OutgoingMessage(.text("anybody?")), to: group.id)
            try await dana.until { _ in
                try await lab.texts(on: Self.ruth) == ["who comes?", "anybody?"]
            }
            let read = try await omer.message { $0.content.text == "anybody?" }
            #expect(read.chat == group.id)
            #expect(read.senderPhone == Self.dana)

            try await lab.post(
                "/phone/send", ["account": Self.ruth.user, "to": group.id.description, "text": "I do"])
            let answer = try await dana.message { $0.content.text == "I do" }
            #expect(answer.chat == group.id && answer.senderPhone == Self.ruth)
            _ = try await omer.message { $0.content.text == "I do" }
        }
    }

    @Test func `knows who is admin, and takes a new key after somebody is gone`() async throws {
        try await three { lab, dana, omer in
            let group = try await dana.client.createGroup("Plans", members: [Self.omer, Self.ruth]).group.id
            _ = try await omer.groupChange { if case .created = $0 { true } else { false } }
            try await omer.client.send(OutgoingMessage(.text("first")), to: group)
            let before = try #require(await omer.client.sessions[ownKey: group.description]).key.description

            #expect(try await dana.client.change([Self.omer], of: group, .promote).map(\.error) == [nil])
            #expect(try await dana.client.groupInfo(of: group).role(of: Self.omer) == .admin)
            _ = try await omer.groupChange { if case .promoted = $0 { true } else { false } }
            #expect(try await omer.client.groupInfo(of: group).role(of: Self.omer) == .admin)
            #expect(await omer.client.groups[group] != nil)

            try await omer.client.setSubject("New plans", of: group)
            _ = try await dana.groupChange { $0 == .subject("New plans") }
            try await omer.client.setAnnouncement(true, of: group)
            _ = try await dana.groupChange { $0 == .announcement(true) }
            try await omer.client.setDescription("All plans", of: group)
            _ = try await dana.groupChange { $0 == .description("All plans") }
            try await omer.client.setDisappearing(after: .seconds(86_400), of: group)
            _ = try await dana.groupChange { $0 == .disappearing(.seconds(86_400)) }
            try await omer.client.setLocked(true, of: group)
            try await omer.client.setApproval(true, of: group)
            _ = try await dana.groupChange { $0 == .approval(true) }
            for client in [dana.client, omer.client] {
                let known = try #require(await client.groups[group])
                #expect(known.subject == "New plans" && known.description == "All plans")
                #expect(known.isAnnouncement && known.isLocked && known.needsApproval)
                #expect(known.disappearsAfter == .seconds(86_400))
            }

            try await dana.client.send(OutgoingMessage(.text("goodbye")), to: group)
            try await dana.until { _ in try await lab.texts(on: Self.ruth) == ["first", "goodbye"] }
            try await dana.client.change([Self.ruth], of: group, .remove)
            let gone = try await omer.groupChange { if case .removed = $0 { true } else { false } }
            #expect(gone.author.map { $0.isLID } == true)
            #expect(await omer.client.sessions[ownKey: group.description] == nil)
            #expect(omer.store.load([WebClient.ownKeyName(in: group)]).isEmpty)
            #expect(dana.store.load([WebClient.ownKeyName(in: group)]).isEmpty)
            try await omer.client.send(OutgoingMessage(.text("alone")), to: group)
            let after = try #require(await omer.client.sessions[ownKey: group.description]).key.description
            #expect(before != after)
            _ = try await dana.message { $0.content.text == "alone" }
            #expect(try await lab.texts(on: Self.ruth) == ["first", "goodbye"])
        }
    }

    @Test func `joins by a link and leaves`() async throws {
        try await three { lab, dana, omer in
            let group = try await dana.client.createGroup("Plans", members: [Self.ruth]).group.id
            let link = try await dana.client.inviteLink(of: group)
            #expect(try await omer.client.groupInfo(ofInvite: link).subject == "Plans")
            #expect(try await omer.client.joinGroup(byInvite: link) == GroupJoin(group: group, isWaiting: false))
            _ = try await dana.groupChange { if case .added = $0 { true } else { false } }
            #expect(try await dana.client.groupInfo(of: group).role(of: Self.omer) == .member)
            let fresh = try await dana.client.inviteLink(of: group, isReset: true)
            #expect(fresh != link)
            await #expect(throws: WebError.self) { try await omer.client.joinGroup(byInvite: link) }
            try await omer.client.leaveGroup(group)
            _ = try await dana.groupChange { if case .removed = $0 { true } else { false } }
            #expect(try await dana.client.groupInfo(of: group).role(of: Self.omer) == nil)
            let error = await #expect(throws: WebError.self) { try await omer.client.groupInfo(of: group) }
            #expect(error?.status == 403)
        }
    }
}
