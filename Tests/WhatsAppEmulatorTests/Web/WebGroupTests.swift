import Testing
import WhatsAppWire

@testable import WhatsAppEmulator
@testable import WhatsAppWeb

/// What clients do to groups and to each other besides writing.
@Suite(.timeLimit(.minutes(5))) struct WebGroupTests {
    private static let dana = JID.phoneNumber(WebPeer.dana)
    private static let omer = JID.phoneNumber(WebPeer.omer)
    private static let noa = JID.phoneNumber(WebPeer.noa)

    private func two(_ body: @escaping @Sendable (WebStage, WebPeer, WebPeer) async throws -> Void) async throws {
        try await WebStage.open { stage in
            try await WebPeer.linked(to: stage, as: WebPeer.dana) { dana in
                try await WebPeer.linked(to: stage, as: WebPeer.omer) { omer in try await body(stage, dana, omer) }
            }
        }
    }

    @Test func `what an admin sets is known to all, and who is admin too`() async throws {
        try await two { stage, dana, omer in
            let group = try await dana.client.createGroup("Plans", members: [Self.omer, Self.noa]).group.id
            #expect(try await dana.client.listGroups().map(\.id) == [group])
            #expect(try await omer.client.groupInfo(of: group).role(of: Self.omer) == .member)
            #expect(try await dana.client.change([Self.omer], of: group, .promote).map(\.error) == [nil])
            try await stage.until("the news of the new admin") {
                await omer.client.groups[group]?.role(of: Self.omer) == .admin
            }
            try await omer.client.setSubject("New plans", of: group)
            try await omer.client.setDescription("All plans", of: group)
            try await omer.client.setAnnouncement(true, of: group)
            try await omer.client.setLocked(true, of: group)
            try await omer.client.setApproval(true, of: group)
            try await omer.client.setDisappearing(after: .seconds(86_400), of: group)
            for client in [dana.client, omer.client] {
                try await stage.until("the settings") {
                    guard let known = await client.groups[group] else { return false }
                    return known.subject == "New plans" && known.description == "All plans" && known.isAnnouncement
                        && known.isLocked && known.needsApproval && known.disappearsAfter == .seconds(86_400)
                }
            }
            #expect(try await dana.client.change([Self.omer], of: group, .demote).map(\.error) == [nil])
            #expect(try await dana.client.groupInfo(of: group).role(of: Self.omer) == .member)
        }
    }

    @Test func `who asks to join is let in or turned away by an admin`() async throws {
        try await two { stage, dana, omer in
            let group = try await dana.client.createGroup("Plans", members: [Self.noa]).group.id
            try await dana.client.setApproval(true, of: group)
            let link = try await dana.client.inviteLink(of: group)
            #expect(try await omer.client.groupInfo(ofInvite: link).subject == "Plans")
            for isLetIn in [false, true] {
                #expect(try await omer.client.joinGroup(byInvite: link) == GroupJoin(group: group, isWaiting: true))
                let waiting = try await dana.client.membershipRequests(of: group)
                #expect(waiting.count == 1)
                let users = waiting.map(\.user)
                let answered = try await dana.client.answerMembershipRequests(of: users, to: group, isLetIn: isLetIn)
                #expect(answered.map(\.error) == [nil])
                #expect(try await dana.client.membershipRequests(of: group).isEmpty)
                let role = try await dana.client.groupInfo(of: group).role(of: Self.omer)
                #expect(role == (isLetIn ? .member : nil))
            }
            try await omer.client.leaveGroup(group)
            try await stage.until("the news of it") {
                try await dana.client.groupInfo(of: group).role(of: Self.omer) == nil
            }
            let fresh = try await dana.client.inviteLink(of: group, isReset: true)
            #expect(fresh != link)
            await #expect(throws: WebError.self) { try await omer.client.joinGroup(byInvite: link) }
        }
    }

    @Test func `looks somebody up, blocks them and takes it back`() async throws {
        try await two { _, dana, omer in
            try await omer.client.setAbout("busy")
            try await omer.client.setPushName("Omer B.")
            let found = try await dana.client.lookUp([WebPeer.omer, "15550000008"])
            #expect(found.map(\.isOnWhatsApp) == [true, false])
            #expect(found[0].about == "busy")
            #expect(try await dana.client.profilePicture(of: Self.omer) == nil)
            #expect(try await dana.client.setBlocked(true, Self.omer).users.count == 1)
            #expect(try await dana.client.blockList().users.count == 1)
            #expect(try await dana.client.setBlocked(false, Self.omer).users.isEmpty)
        }
    }

    @Test func `asks whether somebody is online`() async throws {
        try await two { stage, dana, omer in
            try await dana.client.watchPresence(of: Self.omer)
            try await omer.client.setOnline(false)
            try await omer.client.setOnline(true)
            try await stage.until("the subscription") { try await !stage.log("type=\"subscribe\"").isEmpty }
        }
    }
}
