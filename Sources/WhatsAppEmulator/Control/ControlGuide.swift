/// The text that explains the control API, at most 79 columns wide; `graph --guide`, `GET /` and `GET /control` print
/// it.
enum ControlGuide {
    static let text = """
        CONTROL API (JSON over HTTP; no token; numbers and names are fictitious)

        Play a user
          POST /control/messages
            {"from":"15550000101","text":"hello"}
            {"from":…,"text":…,"reply_to":"wamid.…"}        quote
            {"user_id":"US.13491208655302741918","username":"dana.k","text":…}
                                                            no phone
            {"from":…,"hide_phone":true,…}                  phone known, not shown
            {"from":…,"group_id":"…","text":…}              in a group
            {"from":…,"reaction":{"message_id":"wamid.…","emoji":"👍"}}
            {"from":…,"image":{"id":"<media id>","caption":"…"}}
              also video, audio ("voice":true), document, sticker;
              or {"data_base64":…,"mime_type":…}
            {"from":…,"button":{"id":"yes","title":"Yes"}}  also "list_row"
            {"from":…,"type":"location","location":{…}}     any kind, Meta's payload
            {"from":…,"raw":{…}}                            messages[0] as given
            more: name, id, timestamp, forwarded, referral, context,
              phone_number_id
          POST /control/media?mime_type=image/png&filename=a.png
            body: the bytes -> {"id","sha256"}
          POST /control/users
            {"phone","user_id","name","username","hide_phone",
             "on_whatsapp":false,"dialled_as":"<number that leads to phone>"}
          POST /control/users/number
            {"from":"<old>","to":"<new>"}                   user_changed_number
          POST /control/groups
            {"subject":"Trip","participants":["15550000101"]}
                                                            -> group; with "id": add
          POST /control/windows
            {"user":"15550000101","open":true|false}

        Play Meta
          PUT  /control/webhook
            {"url":"http://127.0.0.1:3000/webhook","verify":true}
          POST /control/webhook/verify
            {}                         the GET handshake
                                       -> {"verified","status","reason"}
          POST /control/webhook
            {"field","value"} or {"envelope":{…}} or {"body":"any text"},
            "signature":"valid|wrong|missing"
          POST /control/statuses
            {"id":"wamid.…","status":"failed","code":131026,"user":"15550000101"}
          POST /control/templates
            {"name","language","category","body":"Hi {{1}}",
             "status":"APPROVED|PAUSED|…"}
          POST /control/clock
            {"advance_s":86400}        the emulated clock: windows, media, times
          GET PUT /control/settings
            {"statuses":"none|sent|delivered|all","window":"off|refuse|fail",
             "latency_ms":50,"rates":true,"clock_offset_s":0}

        Faults of sends (first match wins; "times": a number or "all", "skip": let
        some pass; narrow by "user", "kind", "phone_number_id")
          POST /control/faults
            {"effect":"error","code":131056,"times":3,"user":"15550000101"}
            {"effect":"too_many_requests","retry_after_s":2}
            {"effect":"time_out","recorded":true|false,"hold_s":60}
            {"effect":"cut","recorded":true|false}
            {"effect":"slow","delay_ms":3000}
            {"effect":"page","http_status":500}             HTML, as of a gateway
            {"effect":"failed_status","code":131026}        accepted, then failed
                                                            by webhook
          GET DELETE /control/faults

        Faults of webhooks (narrow by "group": messages|statuses|other, "user")
          POST /control/webhook-faults
            {"effect":"duplicate","copies":1,"times":"all"}
            {"effect":"reorder","count":3,"within_ms":1000}
            {"effect":"delay","delay_ms":2000}
            {"effect":"drop"}                               lost, then repeated
            {"effect":"wrong_signature"}
          GET DELETE /control/webhook-faults

        See what happened
          GET    /control/sent
            ?user= &phone=<phone number id> &kind= &callback=
            &since=<sequence> &limit=
            &outcome=accepted|lost|refused|dropped|receipt|any
                                                            accepted unless asked
          GET    /control/wait
            the same, and &count=3 &deadline_ms=10000;
            408 when the deadline passes
          GET    /control/counts
            exact counts; ?of=users|callbacks|kinds lists each key
          DELETE /control/sent                              forgets messages, counts
          GET DELETE /control/webhooks
            deliveries with attempts and the bot's status

        """
}
