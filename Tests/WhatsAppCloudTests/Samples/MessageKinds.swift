/// One message of every documented kind: its type and the members of that kind.
let messageKinds: [(type: String, members: String)] = [
    ("text", #""text":{"body":"Hello \ud83d\ude00"}"#),
    (
        "image",
        #"""
        "image":{"id":"1","mime_type":"image\/jpeg","sha256":"n0s=","caption":"sea",\#
        "url":"https:\/\/lookaside.fbsbx.com\/a"}
        """#
    ),
    ("video", #""video":{"id":"2","mime_type":"video/mp4","sha256":"n0s="}"#),
    ("document", #""document":{"id":"3","mime_type":"application/pdf","filename":"a.pdf","sha256":"n0s="}"#),
    ("audio", #""audio":{"id":"4","mime_type":"audio/ogg; codecs=opus","sha256":"n0s=","voice":true}"#),
    ("voice", #""voice":{"id":"5","mime_type":"audio/ogg"}"#),
    ("sticker", #""sticker":{"id":"6","mime_type":"image/webp","animated":true}"#),
    (
        "location",
        #""location":{"latitude":32.08,"longitude":34.78,"name":"Pier","address":"1 Sea St","url":"https://e.example"}"#
    ),
    (
        "contacts",
        #"""
        "contacts":[{"name":{"formatted_name":"Omer","first_name":"Omer"},"phones":[{"phone":"+1 555",\#
        "wa_id":"15550000002","type":"CELL"}],"emails":[{"email":"o@e.example","type":"WORK"}],\#
        "org":{"company":"E"},"addresses":[{"street":"1 Sea St","city":"Haifa","type":"HOME"}],\#
        "urls":[{"url":"https://e.example"}],"birthday":"1990-01-02","vcard":"BEGIN","origin":"contact_request"},\#
        {"phones":[]}]
        """#
    ),
    ("button", #""button":{"payload":"yes","text":"Yes"},"context":{"from":"15550000000","id":"wamid.T="}"#),
    (
        "interactive",
        #"""
        "interactive":{"type":"button_reply","button_reply":{"id":"b1","title":"One"}},\#
        "context":{"from":"15550000000","id":"wamid.Q="}
        """#
    ),
    ("interactive", #""interactive":{"type":"list_reply","list_reply":{"id":"r1","title":"Row","description":"d"}}"#),
    (
        "interactive",
        #""interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"a\":1}"}}"#
    ),
    (
        "interactive",
        #"""
        "interactive":{"type":"call_permission_reply","call_permission_reply":{"response":"accept",\#
        "is_permanent":false,"expiration_timestamp":1760003600,"response_source":"user_action"}}
        """#
    ),
    ("interactive", #""errors":[{"code":131051,"title":"Unsupported"}]"#),
    (
        "order",
        #"""
        "order":{"catalog_id":"9","text":"now","product_items":[{"product_retailer_id":"sku","quantity":"2",\#
        "item_price":"7.5","currency":"USD"}]}
        """#
    ),
    ("reaction", #""reaction":{"message_id":"wamid.R=","emoji":"\ud83d\udc4d"}"#),
    ("system", #""system":{"type":"user_changed_number","body":"changed","wa_id":"15550000003","user_id":"US.N3"}"#),
    ("edit", #""edit":{"original_message_id":"wamid.O=","message":{"type":"text","text":{"body":"new"}}}"#),
    ("revoke", #""revoke":{"original_message_id":"wamid.O="}"#),
    (
        "unsupported",
        #""unsupported":{"type":"poll"},"errors":[{"code":131051,"title":"t","error_data":{"details":"d"}}]"#
    ),
    ("request_welcome", ""),
    ("hologram", #""hologram":{"x":[1,2]}"#),
]
