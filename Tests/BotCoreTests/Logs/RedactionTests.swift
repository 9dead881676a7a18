import Testing

@testable import BotCore

@Suite struct RedactionTests {
    @Test(arguments: [
        ("User +1234567890 sent a message", "User +123***7890 sent a message"),
        ("API key: sk-abc123def456", "API key: sk-***456"), ("sk-abc123def456ghi789", "sk-***789"),
        ("sk-abc123", "sk-***123"), ("Contact user@example.com", "Contact u***@example.com"),
        ("dana @ example.com", "d*** @ example.com"), ("דנה@example.com", "ד***@example.com"),
        ("S1234567D", "S***REDACTED***"), ("t7654321z.", "S***REDACTED***."),
    ])
    func `keeps the forms that operators know`(text: String, shown: String) {
        #expect(Redaction.of(text) == shown)
    }

    @Test(arguments: [
        ("15550000001", "1555***0001"), ("+1 (555) 000-0001", "+155***0001"), ("+1 555 000 0001!", "+155***0001!"),
        ("call 555-000-0001", "call 5550***0001"), ("555 0000001", "5550***0001"),
        ("1 5 5 5 0 0 0 0 0 0 1", "1555***0001"),
        ("15550000001@s.whatsapp.net", "1555***0001@s.whatsapp.net"), ("15550000001:12@lid", "1555***0001:12@lid"),
        ("15550000001-1600000000@g.us", "1555***0000@g.us"), ("cloud:1:15550000001", "cloud:1:1555***0001"),
        ("wa15550000001", "wa1555***0001"), ("1555000", "15***00"), ("+(972) 54-000-0001", "+972***0001"),
        ("١٥٥٥٠٠٠٠٠٠١", "1555***0001"), ("１５５５００００００１", "1555***0001"), ("ל-0540000001", "ל-0540***0001"),
        ("1\u{200B}555\u{2060}0000001", "1555***0001"), ("1555\u{1B}[0m0000001", "1555***0001"),
        ("1555\u{A0}000\u{2011}0001", "1555***0001"), (#"{\"p\":\"\u002b15550000001\"}"#, #"{\"p\":\"+155***0001\"}"#),
        ("to=%2B15550000001", "to=+155***0001"), (#"a\n15550000001"#, #"a\n1555***0001"#),
        ("15550000001 15550000002", "1555***0001 1555***0002"),
        ("tel:15550000001,15550000002", "tel:1555***0001,1555***0002"),
        ("+1/555/123/4567", "+155***4567"), ("054/123/4567", "0541***4567"), ("0541/123456", "0541***3456"),
        ("030/123 45 67", "0301***4567"), ("phone_054_123_4567.vcf", "phone_0541***4567.vcf"),
        ("555/123/4567 200 OK", "5551***4567 200 OK"), ("1/555/123/4567", "1/5551***4567"),
    ])
    func `hides telephone numbers and WhatsApp's ids`(text: String, shown: String) {
        #expect(Redaction.of(text) == shown)
    }

    @Test(arguments: [
        ("4111 1111 1111 1111", "4111***1111"), ("4111-1111-1111-1111 12/27", "4111***1111 12/27"),
        ("card 378282246310005", "card 3782***0005"), ("4111111111111111 7", "4111***1111 7"),
        ("4111/1111/1111/1111", "4111***1111"), ("4111_1111_1111_1111.png", "4111***1111.png"),
        ("id 123456782", "id ***REDACTED***"), ("id 12345678-2", "id ***REDACTED***"),
        ("id 1234 5678 2", "id ***REDACTED***"),
        ("DE89370400440532013000", "DE***3000"), ("de89 3704 0044 0532 0130 00,", "DE***3000,"),
        ("GB29NWBK60161331926819", "GB***6819"), ("IL62 0108 0000 0009 9999 999", "IL***9999"),
    ])
    func `hides cards, identity numbers and bank accounts by their check digits`(text: String, shown: String) {
        #expect(Redaction.of(text) == shown)
    }

    @Test(arguments: [
        ("Bearer abcDEF123456789", "Bearer ***789"),
        ("Authorization: Basic ZGFuYTpzZXNhbWU=", "Authorization: Basic ***WU="),
        ("sk-proj-aB3_dE6-xyz789", "sk-***789"), ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "ghp_***B4a"),
        ("AKIAIOSFODNN7EXAMPLE", "AKIA***PLE"), ("xoxb-1234567890-abcDEF", "xoxb-***DEF"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_1", "eyJ***F_1"), ("password=sesame", "password=***"),
        (#"{"api_key": "a1b2c3d4"}"#, #"{"api_key": "***"}"#), ("X-Api-Key: 0a1b2c3d4e5f", "X-Api-Key: ***"),
        ("110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawx", "***awx"),
        ("AIzaSyA1234567890abcdefghijklmnopqrstuv", "AIza***tuv"), ("EAAG1234567890abcdefghijk", "EAA***ijk"),
    ])
    func `hides keys and tokens`(text: String, shown: String) {
        #expect(Redaction.of(text) == shown)
    }

    @Test(arguments: [
        ("https://a.example/p?q=Dana&n=1#x", "https://a.example/p?q=***&n=***#x"),
        ("GET /webhook?hub.verify_token=abc&hub.challenge=12", "GET /webhook?hub.verify_token=***&hub.challenge=***"),
        ("https://dana:sesame@a.example/", "https://***@a.example/"), ("/p?q=a%20b%26c", "/p?q=***"),
        (#""url":"https:\/\/a.example\/?q=Dana""#, #""url":"https:\/\/a.example\/?q=***""#),
        (#"/p?name="Dana Lee""#, #"/p?name="***""#), ("/p?name='Dana'&n=1", "/p?name='***'&n=***"),
        ("/p?a&name=Dana", "/p?a&name=***"), ("/p?15550000001&a=b", "/p?1555***0001&a=***"),
        ("/p?na%20me=Dana", "/p?na%20me=***"), ("/p?(a)=Dana", "/p?(a)=***"),
        ("/p?name=Dana&amp;x=Lee", "/p?name=***&amp;x=***"), ("/p?a=&b=Dana", "/p?a=&b=***"),
        (#"{"url":"https://a.example/?q=","next":"x"}"#, #"{"url":"https://a.example/?q=","next":"x"}"#),
    ])
    func `hides what addresses of pages carry`(text: String, shown: String) {
        #expect(Redaction.of(text) == shown)
    }

    @Test func `leaves numbers and names where only secrets are to go`() {
        let text = "15550000001 dana@example.com S1234567D 4111111111111111 gsk_aBcD0123456789secret"
        #expect(
            Redaction.secrets(of: text) == "15550000001 dana@example.com S1234567D 4111111111111111 gsk_***ret")
    }

    @Test(arguments: [
        "2026-03-02T09:05:07.042Z", "2026-03-02 09:05:07", "09:05:07.042123456", "0.004123456 seconds",
        "12345678 bytes",
        "127.0.0.1:8080", "192.168.100.200", "550e8400-e29b-41d4-a716-446655440000", "3EB0E634A0CF53658987CA",
        "1862340000000000001", "4K2M9X1B7Q3Z", "claude-sonnet-4-20250514", "gpt-4o-2024-08-06", "must be 1...500, is 0",
        "Graph code 100.2494055 (HTTP 400)", #"<iq id="12.34-5" t="1700000000"/>"#, "…:12@s.whatsapp.net", "…@lid",
        "bearer tokens are refused", "the token: expired", "1024-65535", "59460 (80001)", "from 1 to 1000000000",
        "937.4419999999999 seconds", "12345678ms", "status 200 in 1234 ms", "with or without @c.us", "version 1.12.3",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "17 of 200", "what? no=", "50%", #"a\b"#,
        "2026/11/22 09:05:07", "22/11/2026 1234", "/blog/2026/11/22/12345", "2026_11_22_091501.log", "17/200",
        "1024/65535", "100000/200000", "5/12345678 bytes", "bytes 0-1023/146515", "10.0.0.0/8", "192.168.100.200/24",
        "1/2/3/4/5/6/7/8/9", "1_000_000", "who? a&b", "issue #5 (x)=3", "Cookie: a=;", "a cookie: none",
    ])
    func `leaves times, counts and ids alone`(text: String) {
        #expect(Redaction.of(text) == text)
    }
}
