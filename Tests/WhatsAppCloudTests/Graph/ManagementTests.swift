import Foundation
import Hummingbird
import Testing

@testable import WhatsAppCloud

@Suite struct ManagementTests {
    @Test func `reads how a number is doing`() async throws {
        let answer =
            #"""
            {"display_phone_number":"+1 555-000-0000","verified_name":"E","name_status":"APPROVED",\#
            "quality_rating":"GREEN","throughput":{"level":"STANDARD"},\#
            "whatsapp_business_manager_messaging_limit":"TIER_2K","health_status":{"can_send_message":"LIMITED",\#
            "entities":[{"entity_type":"WABA","id":"77",\#
            "errors":[{"error_code":141010,"error_description":"no payment"}]}]},\#
            "id":"1"}
            """#
        try await withGraph { _, _ in
            .json(answer)
        } test: { graph, server async throws in
            let health = try await graph.phoneNumberHealth()
            #expect(health.sending == .limited && health.throughput == "STANDARD" && health.quality == "GREEN")
            #expect(health.businessAccountID == "77")
            #expect(health.messagingLimit == "TIER_2K" && health.problems == ["no payment"])
            #expect(
                server.requests.first?.uri.hasPrefix("/v26.0/106540352242922?fields=display_phone_number,verified_name")
                    == true)
        }
    }

    @Test func `reads and sets the profile within its limits`() async throws {
        try await withGraph { request, _ in
            request.method == "GET"
                ? .json(#"{"data":[{"about":"A","websites":["https://e.example"],"profile_picture_url":"u"}]}"#)
                : .json(#"{"success":true}"#)
        } test: { graph, server async throws in
            let profile = try await graph.businessProfile()
            #expect(profile.about == "A" && profile.websites == ["https://e.example"] && profile.pictureURL == "u")
            try await graph.setBusinessProfile(BusinessProfile(about: "B", websites: []))
            #expect(server.requests.last?.text == #"{"messaging_product":"whatsapp","about":"B","websites":[]}"#)
            let long = BusinessProfile(about: String(repeating: "x", count: 140))
            let error = try await graphError { try await graph.setBusinessProfile(long) }
            #expect(error.violation?.field == "about")
            #expect(server.requests.count == 2)
        }
    }

    @Test func `tells who was blocked and who was not from a partial failure`() async throws {
        let partial =
            #"""
            {"messaging_product":"whatsapp","block_users":{"added_users":[{"input":"15550000001",\#
            "wa_id":"15550000001"}],"failed_users":[{"input":"15550000002","errors":[{"code":139100}]}]},\#
            "error":{"message":"m","code":139100}}
            """#
        try await withGraph { _, index in
            index == 0 ? .json(partial, status: .badRequest) : .graphError(139_101, status: .badRequest)
        } test: { graph, server async throws in
            let result = try await graph.block([.number("15550000001"), .number("15550000002"), .user("US.1")])
            #expect(result.changed == [.number("15550000001")] && result.failed == [.number("15550000002")])
            #expect(
                server.requests.first?.text
                    == #"""
                    {"messaging_product":"whatsapp","block_users":[{"user":"15550000001"},{"user":"15550000002"},\#
                    {"user_id":"US.1"}]}
                    """#
            )
            let error = try await graphError { _ = try await graph.unblock([.number("15550000001")]) }
            #expect(error.reported?.code == 139_101 && server.requests.last?.method == "DELETE")
        }
    }

    @Test func `reads pages of blocked users`() async throws {
        try await withGraph { _, _ in
            .json(
                #"""
                {"data":[{"messaging_product":"whatsapp","wa_id":"15550000001"}],\#
                "paging":{"cursors":{"after":"abc="},"next":"https://x"}}
                """#
            )
        } test: { graph, server async throws in
            let page = try await graph.blockedUsers(after: "x/y=")
            #expect(page.users == [.number("15550000001")] && page.next == "abc=")
            #expect(server.requests.first?.uri == "/v26.0/106540352242922/block_users?after=x%2Fy%3D")
        }
    }

    @Test func `checks what the token is worth`() async throws {
        try await withGraph { _, _ in
            .json(
                #"""
                {"data":{"app_id":"9","type":"SYSTEM_USER","is_valid":true,"expires_at":0,\#
                "scopes":["whatsapp_business_messaging"]}}
                """#
            )
        } test: { graph, server async throws in
            let health = try await graph.tokenHealth()
            #expect(health.isValid && health.expiresAt == nil && health.type == "SYSTEM_USER")
            #expect(health.missingScopes == ["business_management", "whatsapp_business_management"])
            #expect(server.requests.first?.uri == "/v26.0/debug_token?input_token=EAAtesttoken")
        }
    }

    @Test func `subscribes, reads and ends subscriptions`() async throws {
        try await withGraph { request, _ in
            request.method == "GET"
                ? .json(
                    #"""
                    {"data":[{"whatsapp_business_api_data":{"id":"9","name":"App"},\#
                    "override_callback_uri":"https://e.example"}]}
                    """#
                ) : .json(#"{"success":true}"#)
        } test: { graph, server async throws in
            #expect(
                try await graph.subscribedApps(of: "102") == [
                    SubscribedApp(id: "9", name: "App", overrideURL: "https://e.example")
                ])
            try await graph.subscribe(to: "102", overrideURL: "https://e.example/hook", verifyToken: "v")
            try await graph.unsubscribe(from: "102")
            #expect(
                server.requests[1].text == #"{"override_callback_uri":"https://e.example/hook","verify_token":"v"}"#)
            #expect(server.requests[2].method == "DELETE" && server.requests[2].uri == "/v26.0/102/subscribed_apps")
            let error = try await graphError {
                try await graph.subscribe(to: "102", overrideURL: "http://e.example", verifyToken: "v")
            }
            #expect(error.violation?.field == "override_callback_uri")
        }
    }

    @Test func `sets commands and prompts, registers and sets the PIN`() async throws {
        try await withGraph { _, _ in
            .json(#"{"success":true}"#)
        } test: { graph, server async throws in
            try await graph.setConversationalAutomation(
                welcomes: true, prompts: ["Hi"], commands: [("help", "Shows help")])
            try await graph.register(pin: "123456")
            try await graph.setPIN("123456")
            #expect(
                server.requests.map(\.text) == [
                    #"""
                    {"enable_welcome_message":true,"prompts":["Hi"],"commands":[{"command_name":"help",\#
                    "command_description":"Shows help"}]}
                    """#,
                    #"{"messaging_product":"whatsapp","pin":"123456"}"#, #"{"pin":"123456"}"#,
                ])
            #expect(try await graphError { try await graph.register(pin: "12345") }.violation?.field == "pin")
        }
    }

    @Test func `manages groups`() async throws {
        try await withGraph { request, _ in
            switch (request.method, request.uri.split(separator: "?").first?.split(separator: "/").last) {
            case ("POST", "groups"): .json(#"{"request_id":"R1"}"#)
            case ("GET", "groups"): .json(#"{"data":{"groups":[{"id":"G1","subject":"s","created_at":"1"}]}}"#)
            case (_, "invite_link"): .json(#"{"messaging_product":"whatsapp","invite_link":"https://chat.example/x"}"#)
            case ("GET", "join_requests"):
                .json(#"{"data":[{"join_request_id":"J1","wa_id":"15550000001","creation_timestamp":"1"}]}"#)
            case ("GET", "G1"):
                .json(
                    #"""
                    {"id":"G1","subject":"s","suspended":false,"join_approval_mode":"approval_required",\#
                    "total_participant_count":1,"participants":[{"wa_id":"15550000001"}]}
                    """#
                )
            default: .json(#"{"success":true}"#)
            }
        } test: { graph, server async throws in
            #expect(try await graph.createGroup(subject: "s", needsApproval: true) == "R1")
            #expect(
                server.requests.last?.text
                    == #"{"messaging_product":"whatsapp","subject":"s","join_approval_mode":"approval_required"}"#)
            #expect(try await graph.groups().groups.map(\.id) == ["G1"])
            let group = try await graph.group("G1")
            #expect(group.needsApproval && group.members == [.number("15550000001")])
            #expect(try await graph.inviteLink(of: "G1") == "https://chat.example/x")
            #expect(try await graph.resetInviteLink(of: "G1") == "https://chat.example/x")
            try await graph.removeMembers([.user("US.1")], from: "G1")
            #expect(
                server.requests.last?.text == #"{"messaging_product":"whatsapp","participants":[{"user_id":"US.1"}]}"#)
            #expect(try await graph.joinRequests(of: "G1").requests.first?.id == "J1")
            try await graph.answerJoinRequests(["J1"], of: "G1", approve: false)
            #expect(server.requests.last?.method == "DELETE")
            try await graph.setGroup("G1", subject: "new")
            try await graph.deleteGroup("G1")
            #expect(try await graphError { try await graph.deleteGroup("../102") }.code == .invalidMessage)
        }
    }
}
