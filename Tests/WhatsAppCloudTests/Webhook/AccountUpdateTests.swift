import Foundation
import Testing

@testable import WhatsAppCloud

@Suite struct AccountUpdateTests {
    @Test(arguments: [
        (
            "account_update", #"{"event":"ACCOUNT_VIOLATION","violation_info":{"violation_type":"SPAM"}}"#,
            AccountUpdate.Severity.stopSending
        ),
        (
            "account_update",
            #"""
            {"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":\#
            "RESTRICTED_BIZ_INITIATED_MESSAGING","expiration":1760000000}]}
            """#,
            .alert
        ),
        (
            "account_update",
            #"""
            {"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":\#
            "RESTRICTED_BIZ_INITIATED_MESSAGING"},{"restriction_type":"RESTRICTED_CUSTOMER_INITIATED_MESSAGING"}]}
            """#,
            .stopSending
        ),
        ("account_update", #"{"event":"ACCOUNT_RESTRICTION"}"#, .stopSending),
        (
            "account_update",
            #"""
            {"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":\#
            "RESTRICTED_USER_INITIATED_CALLING"}]}
            """#,
            .alert
        ),
        (
            "account_update",
            #"{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"DISABLE","waba_ban_date":"January 2, 2026"}}"#,
            .stopSending
        ),
        ("account_update", #"{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"REINSTATE"}}"#, .info),
        ("account_update", #"{"event":"PARTNER_REMOVED"}"#, .stopSending),
        ("account_update", #"{"event":"SOMETHING_NEW"}"#, .alert),
        ("account_review_update", #"{"decision":"APPROVED"}"#, .info),
        ("account_review_update", #"{"decision":"REJECTED"}"#, .alert),
        ("account_alerts", #"{"alert_type":"X","alert_description":"d"}"#, .alert),
        ("message_template_status_update", #"{"event":"APPROVED","message_template_id":594425479261596}"#, .info),
        ("message_template_status_update", #"{"event":"PAUSED"}"#, .alert),
        ("template_category_update", #"{"new_category":"MARKETING"}"#, .alert),
        ("phone_number_quality_update", #"{"event":"THROUGHPUT_UPGRADE","current_limit":"TIER_UNLIMITED"}"#, .info),
        ("phone_number_quality_update", #"{"event":"DOWNGRADE"}"#, .alert),
        ("security", #"{"event":"PIN_RESET_REQUEST","requester":"1"}"#, .alert),
        ("business_username_update", #"{"status":"approved"}"#, .alert),
        ("user_preferences", #"{"wa_id":"15550000001","category":"marketing_messages","value":"stop"}"#, .info),
        ("group_lifecycle_update", #"{"groups":[]}"#, .info),
        ("calls", #"{"calls":[]}"#, .info),
        ("flows", #"{"event":"X"}"#, .ignored),
        ("history", #"{"history":[]}"#, .ignored),
        ("brand_new_field", #"{"a":1}"#, .ignored),
    ])
    func `judges how grave an event is`(_ field: String, _ value: String, _ severity: AccountUpdate.Severity) throws {
        #expect(try Sample.decodeAccount(field, value)?.severity == severity)
    }

    @Test func `reads template events`() throws {
        let value =
            #"""
            {"event":"REJECTED","message_template_id":594425479261596,"message_template_name":"order_ready",\#
            "message_template_language":"en_US","reason":"INVALID_FORMAT","rejection_info":{"reason":"too long"}}
            """#
        guard case .template(let template)? = try Sample.decodeAccount("message_template_status_update", value)?.details
        else { throw Unexpected() }
        #expect(template.id == "594425479261596" && template.name == "order_ready" && template.language == "en_US")
        #expect(template.reason == "INVALID_FORMAT" && template.explanation == "too long")
    }

    @Test func `reads what a restricted account may not do`() throws {
        let value =
            #"""
            {"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_X",\#
            "expiration":1760000000,"remediation":"wait"}]}
            """#
        guard case .account(let account)? = try Sample.decodeAccount("account_update", value)?.details else {
            throw Unexpected()
        }
        #expect(account.restrictions.first?.type == "RESTRICTED_X")
        #expect(account.restrictions.first?.expiresAt == Date(timeIntervalSince1970: 1_760_000_000))
    }

    @Test(
        arguments: [
            ("RESTRICTED_CUSTOMER_INITIATED_MESSAGING", ["1", "3"], 3),
            ("RESTRICTED_BIZ_INITIATED_MESSAGING", ["9"], nil),
            ("RESTRICTED_CUSTOMER_INITIATED_MESSAGING", ["1", "null"], nil),
        ] as [(String, [String], Double?)])
    func `knows when answers may go out again`(_ type: String, _ ends: [String], _ until: Double?) throws {
        let list = ends.map { #"{"restriction_type":"\#(type)","expiration":\#($0)}"# }.joined(separator: ",")
        let value = #"{"event":"ACCOUNT_RESTRICTION","restriction_info":[\#(list)]}"#
        guard case .account(let account)? = try Sample.decodeAccount("account_update", value)?.details else {
            throw Unexpected()
        }
        #expect(account.answersStopUntil?.timeIntervalSince1970 == until)
    }

    @Test func `reads opt-outs in both forms, and takes anything but a clear yes for a no`() throws {
        let forms = [
            #"{"wa_id":"15550000001","category":"marketing_messages","value":"stop"}"#,
            #"""
            {"user_preferences":[{"user_id":"US.1","category":"marketing_messages","value":"resume","timestamp":1}]}
            """#,
            #"{"user_preferences":[{"user_id":"US.1","value":"hmm"}]}"#,
        ]
        let stops = try forms.map { form in
            guard case .preferences(let list)? = try Sample.decodeAccount("user_preferences", form)?.details else {
                throw Unexpected()
            }
            return list.map(\.isStop)
        }
        #expect(stops == [[true], [false], [true]])
    }

    @Test func `reads group and call events`() throws {
        let groups =
            #"""
            {"groups":[{"type":"group_create","group_id":"G1","request_id":"R1",\#
            "invite_link":"https://chat.example/x","subject":"s"},{"type":"group_participants_add","group_id":"G1",\#
            "added_participants":[{"wa_id":"15550000001"}],"failed_participants":[{"input":"15550000002",\#
            "errors":[{"code":131204}]}]}]}
            """#
        guard case .groups(let events)? = try Sample.decodeAccount("group_lifecycle_update", groups)?.details,
            case .calls(let calls)? = try Sample.decodeAccount(
                "calls",
                #"""
                {"calls":[{"id":"c","event":"connect","from":"15550000001","session":{"sdp":"v=0"}}],\#
                "statuses":[{"id":"c","status":"RINGING"}]}
                """#
            )?.details
        else { throw Unexpected() }
        #expect(
            events[0].groupID == "G1" && events[0].requestID == "R1" && events[0].inviteLink == "https://chat.example/x"
        )
        #expect(events[1].added.first?.number == "15550000001")
        #expect(events[1].failed.first?.errors.first?.code == 131_204)
        #expect(calls.map(\.event) == ["connect", "RINGING"])
        #expect(calls[0].sessionDescription == "v=0")
    }
}
